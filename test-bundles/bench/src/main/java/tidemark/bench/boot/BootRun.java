package tidemark.bench.boot;

import java.time.Duration;
import tidemark.bench.Moment;

/**
 * One boot of a guest in a process of its own.
 *
 * @param peer who ran it
 * @param round the how manieth of this peer, from 1
 * @param begin when the machine began to be made; the process's start if nothing else comes before
 * @param shell when the guest's shell had come
 * @param instructions that the guest had retired then; 0 if the peer does not count them
 */
record BootRun(String peer, int round, Moment begin, Moment shell, long instructions) {
    /** From cold, without the start of the platform. */
    Duration wall() {
        return shell.wall().minus(begin.wall());
    }

    /** CPU time of all threads meanwhile. */
    Duration cpu() {
        return shell.all().minus(begin.all());
    }

    /** CPU time of the first hart's thread meanwhile. */
    Duration hart() {
        return shell.thread().minus(begin.thread());
    }
}
