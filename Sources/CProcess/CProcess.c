#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// The parent's handlers, ignored and blocked signals are no business of a child.
static void reset_signals(void) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void close_from(unsigned first) { syscall(SYS_close_range, first, ~0U, 0); }

// Becomes the program; returns only when that fails. Descriptors above the standard ones close by themselves.
static void become(const atrium_command *command) {
    reset_signals();
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (input < 0 || dup2(input, 0) < 0) return;
    if (dup2(command->output, 1) < 0 || dup2(command->output, 2) < 0) return;
    if (command->group != (gid_t)-1 && (setgroups(0, NULL) < 0 || setgid(command->group) < 0)) return;
    if (command->user != (uid_t)-1 && setuid(command->user) < 0) return;
    if (chdir(command->folder) < 0) return;
    execve(command->program, command->arguments, command->environment);
}

pid_t atrium_spawn(const atrium_command *command) {
    int failure[2];
    if (pipe2(failure, O_CLOEXEC) < 0) return -1;
    pid_t child = fork();
    if (child == 0) {
        close(failure[0]);
        // All above the standard ones but the failure pipe and the output, which `become` still needs.
        syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
        become(command);
        int reason = errno;
        ssize_t written = write(failure[1], &reason, sizeof reason);
        _exit(written == sizeof reason ? 127 : 126);
    }
    int fork_error = errno;
    close(failure[1]);
    if (child < 0) {
        close(failure[0]);
        errno = fork_error;
        return -1;
    }
    int reason = 0;
    ssize_t count;
    do count = read(failure[0], &reason, sizeof reason);
    while (count < 0 && errno == EINTR);
    close(failure[0]);
    if (count == sizeof reason) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        errno = reason;
        return -1;
    }
    return child;
}

static pid_t start(const atrium_command *command) {
    pid_t child = fork();
    if (child != 0) return child;
    syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
    become(command);
    _exit(127);
}

// Waits for either end; true when the child has ended, false when the parent wants it to.
static int child_ended(int child, int lifeline, int milliseconds) {
    struct pollfd waits[2] = {{.fd = child, .events = POLLIN}, {.fd = lifeline, .events = POLLIN}};
    int ready;
    do ready = poll(waits, lifeline < 0 ? 1 : 2, milliseconds);
    while (ready < 0 && errno == EINTR);
    return ready > 0 && waits[0].revents != 0;
}

static void stop(pid_t child, int descriptor, int lifeline) {
    char hurry;
    int must_hurry = read(lifeline, &hurry, 1) == 1;
    if (!must_hurry) {
        kill(child, SIGINT);
        if (child_ended(descriptor, -1, 10000)) return;
    }
    kill(child, SIGQUIT);
    if (child_ended(descriptor, -1, 5000)) return;
    kill(child, SIGKILL);
}

static void supervise(const atrium_command *command, int lifeline, int ends) {
    struct timespec longest = {.tv_sec = 1};
    struct timespec pause = {.tv_nsec = 100000000};
    for (;;) {
        struct timespec begin, end;
        clock_gettime(CLOCK_MONOTONIC, &begin);
        pid_t child = start(command);
        if (child < 0) _exit(1);
        int descriptor = (int)syscall(SYS_pidfd_open, child, 0);
        if (!child_ended(descriptor, lifeline, -1)) {
            stop(child, descriptor, lifeline);
            waitpid(child, NULL, 0);
            _exit(0);
        }
        close(descriptor);
        waitpid(child, NULL, 0);
        // The parent listens only until the first start has succeeded.
        ssize_t told = write(ends, "e", 1);
        (void)told;
        // A program that ran for a while starts again at once; one that cannot run is tried less and less often.
        clock_gettime(CLOCK_MONOTONIC, &end);
        if (end.tv_sec - begin.tv_sec >= 10) pause = (struct timespec){.tv_nsec = 100000000};
        struct pollfd gone = {.fd = lifeline, .events = POLLIN};
        if (poll(&gone, 1, (int)(pause.tv_sec * 1000 + pause.tv_nsec / 1000000)) > 0) _exit(0);
        long nanoseconds = (pause.tv_sec * 1000000000L + pause.tv_nsec) * 2;
        pause = nanoseconds >= longest.tv_sec * 1000000000L
            ? longest
            : (struct timespec){.tv_sec = nanoseconds / 1000000000L, .tv_nsec = nanoseconds % 1000000000L};
    }
}

pid_t atrium_supervise(const atrium_command *command, int lifeline, int ends) {
    pid_t supervisor = fork();
    if (supervisor != 0) return supervisor;
    // Away from the terminal: an interrupt from there is the parent's to handle.
    setsid();
    prctl(PR_SET_NAME, "supervisor");
    reset_signals();
    // It ends when its parent does: a signal meant for all of them at once must not part it from the program.
    int ignored[] = {SIGPIPE, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    for (unsigned index = 0; index < sizeof ignored / sizeof *ignored; index++) signal(ignored[index], SIG_IGN);
    atrium_command own = *command;
    // Nothing else of the parent's stays open here, least of all its sockets and the writer of the lifeline.
    int kept[3] = {lifeline, ends, command->output};
    for (int index = 0; index < 3; index++) kept[index] = fcntl(kept[index], F_DUPFD, 100);
    for (int index = 0; index < 3; index++) dup2(kept[index], 3 + index);
    own.output = 5;
    close_from(6);
    int null = open("/dev/null", O_RDWR);
    for (int index = 0; index < 3; index++) dup2(null, index);
    if (null > 5) close(null);
    supervise(&own, 3, 4);
    _exit(1);
}
