package tidemark.cpu.nativecode;

import tidemark.interpreter.PracticeProgram;

/**
 * Writes machine code for a program that nobody needs, so that the JVM has loaded, linked and compiled what writes it before a guest begins: a guest of some million
 * instructions has ended by the time that this takes.
 */
final class Rehearsal {
    private static final long ENDS_WITHIN_MS = 5_000;
    /** The program, some times over. */
    private static final int INSTRUCTIONS = 10_000;
    private static final int CODE_BYTES = 1 << 20;
    private static final int ROUNDS = 6;
    private static final int PATIENCE = 2;

    private final Thread thread = Thread.ofPlatform().daemon().name("tidemark-native-rehearsal").unstarted(this::run);
    private volatile boolean ended;

    private Rehearsal() {}

    /** On a thread of its own; does nothing on a host that the engine does not write code for. */
    static Rehearsal begin() {
        Rehearsal rehearsal = new Rehearsal();
        if (Host.isKnown(System.getProperty("os.name"), System.getProperty("os.arch"))) {
            rehearsal.thread.start();
        }
        return rehearsal;
    }

    private void run() {
        Settings settings = new Settings(false, PATIENCE, Settings.INSTRUCTIONS, Settings.BRANCHES, CODE_BYTES, false);
        try (NativeEngine engine = new NativeEngine(PracticeProgram.context(), settings)) {
            for (int round = 0; round < ROUNDS && !ended; round++) {
                engine.flushAll();
                engine.run(INSTRUCTIONS);
            }
        }
    }

    /** It does not outlive its bundle. */
    void end() {
        ended = true;
        try {
            thread.join(ENDS_WITHIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
