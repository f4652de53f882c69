#ifdef __cplusplus
extern "C"
#endif
    void
    for_each(const int *first, const int *last, void (*visit)(int));
