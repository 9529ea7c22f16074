/* A machine whose clock is put forward and back: loaded before the C library into the processes of one
   stack. The file that CHAOS_CLOCK names holds two numbers: seconds by which everybody's clock is wrong, and
   by how much more that of the functions. What counts since the machine started is left alone, as a real
   jump leaves it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile double *wrong;
static int is_function;

__attribute__((constructor)) static void open_file(void) {
    const char *path = getenv("CHAOS_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *found = mmap(NULL, 2 * sizeof(double), PROT_READ, MAP_SHARED, file, 0);
    if (found != MAP_FAILED) wrong = found;
    close(file);
    is_function = getenv("AWS_LAMBDA_FUNCTION_NAME") != NULL;
}

int clock_gettime(clockid_t which, struct timespec *now) {
    int failed = syscall(SYS_clock_gettime, which, now);
    if (failed || !wrong || (which != CLOCK_REALTIME && which != CLOCK_REALTIME_COARSE)) return failed;
    double by = wrong[0] + (is_function ? wrong[1] : 0), whole = floor(by);
    now->tv_sec += (time_t)whole;
    now->tv_nsec += (long)((by - whole) * 1e9);
    if (now->tv_nsec >= 1000000000L) {
        now->tv_nsec -= 1000000000L;
        now->tv_sec += 1;
    }
    return 0;
}

int gettimeofday(struct timeval *now, void *zone) {
    struct timespec found;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &found)) return -1;
    now->tv_sec = found.tv_sec;
    now->tv_usec = found.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *kept) {
    struct timespec found;
    clock_gettime(CLOCK_REALTIME, &found);
    if (kept) *kept = found.tv_sec;
    return found.tv_sec;
}
