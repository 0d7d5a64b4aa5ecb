package tidemark.bench.programs;

import java.time.Duration;

/**
 * One run of a program.
 *
 * @param kind {@link #NPB} or {@link #SYSTEM}
 * @param runner who ran it
 * @param round the how manieth of this program and runner, from 1
 * @param wall by the clock on the wall, from the making of the machine or the program's begin
 * @param hart CPU time of the hart's thread
 * @param result the same of every runner if it is right
 */
record ProgramRun(String kind, String program, String runner, int round, Duration wall, Duration hart, String result) {
    static final String NPB = "npb";
    static final String SYSTEM = "system";
    /** Of NPB. */
    static final String SUCCESSFUL = "SUCCESSFUL";

    double wallSeconds() {
        return wall.toNanos() / 1e9;
    }

    double hartSeconds() {
        return hart.toNanos() / 1e9;
    }
}
