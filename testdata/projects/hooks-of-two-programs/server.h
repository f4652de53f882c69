extern void (*clientGone)(void);
extern int listening, gone;
void startServer(void);
void stopServer(void);
void waitForServer(void);
