package tidemark.bench.cpu;

import java.time.Duration;

/**
 * One process in which a peer ran a guest from cold to its result.
 *
 * @param round the how manieth of this guest and peer, from 1
 * @param wall start of the process to its end
 * @param thread CPU time of the computing thread
 * @param all CPU time of all threads
 * @param instructions that the guest retired; 0 if the peer does not count them
 * @param translated of these, in code that the engine made of the guest's
 * @param verification the guest's own word on its result; empty if it gave none
 */
record WholeRun(String guest, String peer, int round, Duration wall, Duration thread, Duration all, long instructions, long translated,
        String verification) {
    static final String SUCCESSFUL = "SUCCESSFUL";

    double translatedPercent() {
        return 100. * translated / instructions;
    }

    boolean isRight() {
        return verification.equals(SUCCESSFUL);
    }
}
