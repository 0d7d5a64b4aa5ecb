package tidemark.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tidemark.api.device.DevicePart;
import tidemark.device.clint.ClintPart;
import tidemark.device.plic.PlicPart;
import tidemark.device.power.PowerPart;
import tidemark.device.rtc.RtcPart;
import tidemark.device.uart.UartPart;
import tidemark.device.virtio.block.BlockPart;
import tidemark.device.virtio.console.ConsolePart;
import tidemark.device.virtio.entropy.EntropyPart;
import tidemark.device.virtio.net.NetPart;
import tidemark.device.vmgenid.VmGenerationIdPart;

/** All devices of the platform. Some seconds of the same cases each time; {@code -Dtidemark.fuzz.seconds=N} for longer and from another seed, which is printed. */
class DevicesTest {
    private static final Map<String, DevicePart> KINDS = Map.of("uart", new UartPart(), "plic", new PlicPart(), "clint", new ClintPart(), "power", new PowerPart(),
            "rtc", new RtcPart(), "virtio.block", new BlockPart(), "virtio.console", new ConsolePart(), "virtio.net", new NetPart(), "virtio.entropy",
            new EntropyPart(), "vmgenid", new VmGenerationIdPart());
    private static final Integer SECONDS = Integer.getInteger("tidemark.fuzz.seconds");
    private static final Long SEED = Long.getLong("tidemark.fuzz.seed");

    @Test
    void noGuestBreaksThem() throws Exception {
        long seed = SEED != null ? SEED : SECONDS != null ? System.nanoTime() : 1;
        System.out.println("Fuzzing devices: -Dtidemark.fuzz.seed=" + seed);
        long cases = new Fuzzer(KINDS, seed).run(Duration.ofSeconds(SECONDS != null ? SECONDS : 5));
        System.out.println("Fuzzing devices: " + cases + " cases of " + Case.STEPS + " steps each");
        assertTrue(cases > 0);
    }
}
