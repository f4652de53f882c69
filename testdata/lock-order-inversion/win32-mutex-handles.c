// One call of the Windows API takes mutexes and joins threads: what the handle is decides.
typedef void *HANDLE;
typedef unsigned long DWORD;
#define INFINITE 0xFFFFFFFF
HANDLE CreateMutexA(void *security, int owned, const char *name);
HANDLE CreateThread(void *security, unsigned long stack, DWORD (*entry)(void *), void *argument,
                    DWORD flags, DWORD *id);
DWORD WaitForSingleObject(HANDLE handle, DWORD milliseconds);
int ReleaseMutex(HANDLE mutex);

struct ledger {
  HANDLE accounts, journal;
};

static void enter(HANDLE mutex) { WaitForSingleObject(mutex, INFINITE); }

static DWORD book(void *argument) {
  struct ledger *ledger = argument;
  enter(ledger->accounts);
  WaitForSingleObject(ledger->journal, INFINITE); // expect: lock-order-inversion "journal"
  ReleaseMutex(ledger->journal);
  ReleaseMutex(ledger->accounts);
  return 0;
}

static DWORD audit(void *argument) {
  struct ledger *ledger = argument;
  WaitForSingleObject(ledger->journal, INFINITE);
  enter(ledger->accounts);
  ReleaseMutex(ledger->accounts);
  ReleaseMutex(ledger->journal);
  return 0;
}

int main(void) {
  static struct ledger ledger;
  ledger.accounts = CreateMutexA(0, 0, "accounts");
  ledger.journal = CreateMutexA(0, 0, "journal");
  HANDLE booking = CreateThread(0, 0, book, &ledger, 0, 0);
  HANDLE auditing = CreateThread(0, 0, audit, &ledger, 0, 0);
  WaitForSingleObject(booking, INFINITE);
  WaitForSingleObject(auditing, INFINITE);
  return 0;
}
