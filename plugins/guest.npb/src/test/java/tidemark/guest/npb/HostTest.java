package tidemark.guest.npb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.testkit.HostTool;

/** The guests as processes of the host: natively, in classes too long for a machine, and in QEMU's user mode. */
@Execution(ExecutionMode.CONCURRENT)
class HostTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"ep.S", "ep.W", "cg.S", "cg.W", "cg.A", "bt.S", "bt.W", "dc.S", "ft.S", "ft.W", "is.S", "is.W", "is.A", "lu.S", "lu.W", "mg.S", "mg.W", "sp.S", "sp.W"})
    void benchmarksVerify(String name) throws Exception {
        verify(name, build("native", name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ep.A", "ep.B", "cg.B", "bt.A", "bt.B", "dc.W", "dc.A", "ft.A", "ft.B", "is.B", "is.C", "lu.A", "lu.B", "mg.A", "mg.B", "sp.A", "sp.B"})
    @EnabledIfSystemProperty(named = "tidemark.npb.long", matches = "true", disabledReason = "takes minutes; give -Dtidemark.npb.long=true")
    void longBenchmarksVerify(String name) throws Exception {
        verify(name, build("native", name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bt.S", "cg.S", "dc.S", "ft.S", "is.S", "lu.S", "mg.S", "sp.S"})
    void benchmarksVerifyOnLinuxOnRiscV(String name) throws Exception {
        HostTool.require("qemu-riscv64", "qemu-user");
        verify(name, "qemu-riscv64", build("user", name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "user"})
    void theWordsOfTheCommandLineAreTheArguments(String form) throws Exception {
        HostTool.require("qemu-riscv64", "qemu-user");
        String hello = build(form, "hello");
        String expected = "Hello from Tidemark\nArguments: one two=2\n Verification    =               SUCCESSFUL\n";
        assertEquals(new HostTool.Outcome(0, expected), form.equals("user") ? HostTool.run(60, "qemu-riscv64", hello, "one", "two=2")
                : HostTool.run(60, hello, "one", "two=2"));
    }

    private static void verify(String name, String... command) throws Exception {
        HostTool.Outcome outcome = HostTool.run(3600, command);
        assertEquals(Optional.of("SUCCESSFUL"), new NpbGuests().guest(name).orElseThrow().verification(outcome.output()), outcome.output());
        assertEquals(0, outcome.exitCode());
    }

    private String build(String form, String name) throws Exception {
        HostTool.require("gcc", "gcc");
        HostTool.require("riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu");
        assertEquals(new HostTool.Outcome(0, ""), HostTool.run(120, "sh", "src/main/c/build.sh", directory.toString(), form, name));
        return directory.resolve(name + ".elf").toString();
    }
}
