package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.cpu.interpreter.InterpreterPart;
import tidemark.cpu.translator.TranslatorPart;
import tidemark.device.virtio.entropy.EntropyPart;
import tidemark.testkit.Rebuild;

/** Guests in {@code src/test/guests} that run on QEMU and take liberties: they run here, too, on both engines. */
@Timeout(120)
class DriversTest {
    private static final Path GUESTS = Path.of("src/test/resources/tidemark/machine");
    private static final String TEXT = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.\n";
    private final Rig rig = new Rig(context -> {});

    DriversTest() {
        rig.parts.add("cpu", "interpreter", new InterpreterPart()).add("cpu", "eager", TranslatorPart.eager())
                .add("device", "virtio.entropy", new EntropyPart());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    static Stream<Arguments> guestsThatSendByInterrupts() {
        return Stream.of("interpreter", "eager")
                .flatMap(cpu -> Stream.of("uart.linux", "uart.book", "uart.xv6", "uart.blind", "uart.tardy").map(guest -> Arguments.of(cpu, guest)));
    }

    private Machine ended(String cpu, String guest) throws Exception {
        return ended(cpu, guest, "off");
    }

    private Machine ended(String cpu, String guest, String legacy) throws Exception {
        Machine machine = rig.machines.create(Rig.spec("m", "cpu=" + cpu, "kernel=" + GUESTS.resolve(guest + ".elf").toAbsolutePath(),
                "devices=clint0=clint; plic0=plic; uart0=uart; power0=power; rng0=virtio.entropy,legacy=" + legacy));
        machine.start();
        assertTrue(machine.await(Power.OFF, Duration.ofSeconds(30)), "the guest does not get on");
        assertEquals(0, machine.status().exitCode());
        return machine;
    }

    @ParameterizedTest
    @ValueSource(strings = {"interpreter", "eager"})
    void aVirtioDriverThatNegotiatesAsLittleAsQemuAllowsIsServed(String cpu) throws Exception {
        for (String guest : List.of("virtio", "virtio.shortest")) {
            rig.machines.destroy(ended(cpu, guest).name());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"interpreter", "eager"})
    void aVirtioDriverOfBefore1IsServedByALegacyDevice(String cpu) throws Exception {
        ended(cpu, "virtio.legacy", "on");
    }

    @ParameterizedTest
    @MethodSource("guestsThatSendByInterrupts")
    void aUartDriverSendsAndComputesWhateverItReads(String cpu, String guest) throws Exception {
        assertEquals(TEXT, ended(cpu, guest).console().text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"interpreter", "eager"})
    void codeThatAKernelStoresIsSeenWithoutFenceI(String cpu) throws Exception {
        ended(cpu, "stored");
    }

    @Test
    void theGuestsAreWhatTheirSourcesGive(@TempDir Path out) throws Exception {
        Rebuild.requireSame(Path.of("src/test/guests/build.sh"), Path.of("../../bundles/guest/src/main/c/compiler.txt"), GUESTS, out);
    }
}
