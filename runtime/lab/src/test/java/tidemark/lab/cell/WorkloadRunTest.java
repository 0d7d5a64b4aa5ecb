package tidemark.lab.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.Machine;
import tidemark.lab.experiment.Workload;

@Timeout(30)
class WorkloadRunTest {
    private static final int RUN_MS = 100;
    private static final int SESSION_MS = 1500;

    /** A machine that powers off some time after its start. @param ends whether it does */
    private static Machine machine(boolean ends) {
        ConsoleLog console = proxy(ConsoleLog.class, Map.of("position", 0L, "textSince", ""));
        return (Machine) Proxy.newProxyInstance(Machine.class.getClassLoader(), new Class<?>[] {Machine.class}, (self, method, arguments) -> {
            if (method.getName().equals("await")) {
                Thread.sleep(ends ? RUN_MS : 1);
                return ends;
            }
            return method.getName().equals("console") ? console : null;
        });
    }

    private static <T> T proxy(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> answers.get(method.getName())));
    }

    private static WorkloadRun run(boolean ends) {
        Workload workload = new Workload("EP.W", Map.of(), List.of(), "", "", "");
        return new WorkloadRun(machine(ends), workload, console -> Optional.empty(), Duration.ofSeconds(10));
    }

    /** A checkpoint's session goes on for a second after the checkpoint, to see the guest's rate. */
    @Test
    void aWorkloadThatEndsWhileACheckpointsSessionGoesOnHasTakenNoLongerForIt() throws Exception {
        WorkloadRun run = run(true);
        run.start();
        Thread.sleep(SESSION_MS);
        double seconds = run.end();
        assertTrue(seconds >= RUN_MS / 1e3 && seconds < SESSION_MS / 1e3, seconds + " s");
        assertEquals(seconds, run.end());
    }

    @Test
    void aRestoredRunThatDoesNotEndIsTold() throws Exception {
        WorkloadRun run = run(false);
        run.resume();
        assertTrue(assertThrows(CellException.class, run::end).getMessage().startsWith("the workload EP.W did not power off in time"));
    }
}
