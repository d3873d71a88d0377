// Child processes with another user's rights, and a supervisor that ends with its parent.
//
// In C because only functions safe in a signal handler may run between fork and exec in a process with threads, which
// Swift cannot promise of any line.
#ifndef ATRIUM_CPROCESS_H
#define ATRIUM_CPROCESS_H

#include <sys/types.h>

typedef struct {
    const char *program;
    char *const *arguments;
    char *const *environment;
    // The working folder.
    const char *folder;
    // Whose rights the program gets; both -1 for those of the caller.
    uid_t user;
    gid_t group;
    // Receives what the program writes to its standard output and error.
    int output;
} atrium_command;

// Starts the program; its process id, or -1 with the reason in errno, also when it cannot be executed.
pid_t atrium_spawn(const atrium_command *command);

// Starts a process that keeps the program running: started again, less and less often, whenever it ends, and told to
// stop by SIGINT (after ten seconds by SIGQUIT, after five more by SIGKILL) when the last writer of `lifeline` is gone,
// however that came about. A byte through `lifeline` makes it SIGQUIT at once.
// For each end of the program one byte goes to `ends`. The result is the supervisor's process id, or -1.
pid_t atrium_supervise(const atrium_command *command, int lifeline, int ends);

#endif
