/* lap COUNT LIMIT_S STDIN PROGRAM WORD... : runs PROGRAM COUNT times at once and measures each run.
 *
 * A parent this small is what makes the figures honest: Linux counts a new process's peak memory
 * from its parent's, so that a Python parent would put its own 20 MB under every program here.
 * As hosts do it: a session of its own, stdin a pipe that holds all of it (STDIN "-" is an empty
 * one), stdout a pipe, stderr to nowhere. All of them are killed LIMIT_S seconds after the start.
 *
 * Prints a line per run in the order they ended, "wall_ns cpu_us peak_kb exit", a line ".",
 * and what the runs wrote to stdout.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST 1024

extern char **environ;

struct run {
    pid_t pid;
    long long start_ns, wall_ns, cpu_us;
    long peak_kb;
    int exit;
};

static struct run runs[MOST];
static int started;

static void fail(const char *what)
{
    fprintf(stderr, "lap: %s: %s\n", what, strerror(errno));
    exit(2);
}

static long long now_ns(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000000000LL + at.tv_nsec;
}

static void end_all(int number)
{
    (void)number;
    for (int i = 0; i < started; i++)
        if (runs[i].wall_ns == 0)
            kill(-runs[i].pid, SIGKILL);
}

/* A pipe that holds the whole file, or nothing; its writing end is closed. */
static int full_pipe(const char *path)
{
    static char block[1 << 16];
    ssize_t size = 0;
    int ends[2];

    if (pipe(ends) < 0)
        fail("pipe");
    if (strcmp(path, "-") != 0) {
        int file = open(path, O_RDONLY);
        if (file < 0 || (size = read(file, block, sizeof block)) < 0)
            fail(path);
        close(file);
    }
    if (size > 0 && write(ends[1], block, (size_t)size) != size)
        fail("write");
    close(ends[1]);
    return ends[0];
}

static void start(struct run *run, const char *input, int output, char **words)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int from = full_pipe(input);

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, from, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    run->start_ns = now_ns();
    errno = posix_spawnp(&run->pid, words[0], &actions, &attributes, words, environ);
    if (errno != 0)
        fail(words[0]);
    close(from);
}

static void wait_for_one(void)
{
    struct rusage used;
    int status;
    pid_t pid = wait4(-1, &status, 0, &used);
    long long end_ns = now_ns();

    if (pid < 0)
        fail("wait4");
    for (int i = 0; i < started; i++) {
        struct run *run = &runs[i];
        if (run->pid != pid)
            continue;
        run->wall_ns = end_ns - run->start_ns;
        run->cpu_us = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000LL
            + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
        run->peak_kb = used.ru_maxrss;
        run->exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        printf("%lld %lld %ld %d\n", run->wall_ns, run->cpu_us, run->peak_kb, run->exit);
    }
}

int main(int count, char **words)
{
    char block[4096];
    int output[2], wanted;
    ssize_t size;

    if (count < 5 || (wanted = atoi(words[1])) < 1 || wanted > MOST)
        return 2;
    if (pipe(output) < 0)
        fail("pipe");
    fcntl(output[0], F_SETFD, FD_CLOEXEC);
    fcntl(output[1], F_SETFD, FD_CLOEXEC);
    signal(SIGALRM, end_all);
    alarm((unsigned)atoi(words[2]));
    for (; started < wanted; started++)
        start(&runs[started], words[3], output[1], words + 4);
    for (int i = 0; i < wanted; i++)
        wait_for_one();
    close(output[1]);
    printf(".\n");
    fflush(stdout);
    /* What a program left behind may hold the pipe open: take what is there, wait for nothing. */
    fcntl(output[0], F_SETFL, O_NONBLOCK);
    while ((size = read(output[0], block, sizeof block)) > 0)
        if (write(1, block, (size_t)size) != size)
            return 2;
    return 0;
}
