// A thread waits for an event under the critical section that whoever sets the event enters first.
typedef void *HANDLE;
typedef unsigned long DWORD;
typedef struct {
  int state;
} CRITICAL_SECTION;
#define INFINITE 0xFFFFFFFF
HANDLE CreateEventA(void *security, int manual, int set, const char *name);
HANDLE CreateThread(void *security, unsigned long stack, DWORD (*entry)(void *), void *argument,
                    DWORD flags, DWORD *id);
DWORD WaitForSingleObject(HANDLE handle, DWORD milliseconds);
int SetEvent(HANDLE event);
void InitializeCriticalSection(CRITICAL_SECTION *section);
void EnterCriticalSection(CRITICAL_SECTION *section);
void LeaveCriticalSection(CRITICAL_SECTION *section);

static CRITICAL_SECTION section;
static HANDLE ready;
static int value;

static DWORD produce(void *unused) {
  (void)unused;
  EnterCriticalSection(&section);
  value = 1;
  LeaveCriticalSection(&section);
  SetEvent(ready);
  return 0;
}

int main(void) {
  InitializeCriticalSection(&section);
  ready = CreateEventA(0, 0, 0, 0);
  HANDLE producer = CreateThread(0, 0, produce, 0, 0, 0);
  EnterCriticalSection(&section);
  WaitForSingleObject(ready, INFINITE); // expect: wait-deadlock "section"
  int seen = value;
  LeaveCriticalSection(&section);
  WaitForSingleObject(producer, INFINITE);
  return seen;
}
