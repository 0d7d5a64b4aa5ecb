package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machine.UsedPart;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.exam.PaxExam;

/** A thousand swaps of parts of a running guest leave nothing behind. {@code -Dtidemark.swaps=20000} is the longer form. */
@ExtendWith(PaxExam.class)
public class SwapLoopIT {
    private static final List<String> ENGINES = List.of("translator", "interpreter", "native");
    private static final int SWAPS = Integer.getInteger("tidemark.swaps", 1000);
    /** One in so many is an update of a bundle. */
    private static final int UPDATES = 10;
    private static final int RAM_MIB = 64;
    private static final Duration CLASSES_GO = Duration.ofSeconds(20);
    private static final List<String> UPDATED = List.of("cpu.interpreter", "device.uart", "device.virtio.block", "firmware.sbi", "memory.flat",
            "network.none", "disk.raw", "tracker.card", "protocol.thread", "device.plic");

    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

    @Configuration
    public static Option[] platform() throws Exception {
        return Platform.options();
    }

    @Test
    public void aThousandSwapsLeaveNoThreadsNoClassLoadersAndNoMemory(BundleContext context, Machines machines) throws Exception {
        Path disk = Files.write(Platform.folder("swaps").resolve("disk.img"), new byte[1 << 20]);
        String devices = "; rtc0=rtc; disk0=virtio.block,file=" + disk + "; console0=virtio.console; net0=virtio.net,backend=none; entropy0=virtio.entropy";
        Machine machine = machines.create(MachineSpec.of(Map.of("name", "m1", "guest", "storm", "ram", RAM_MIB,
                "devices", MachineSpec.DEFAULT_DEVICES + devices, "arguments", "workingSetMiB=32 rateMiBps=0 seconds=3600")));
        try {
            machine.start();
            // as often before: what the JVM and the platform load once, they have loaded then
            swap(context, machine, SWAPS);
            loaders.clear();
            Footprint before = Footprint.now();
            swap(context, machine, SWAPS);
            Footprint after = Footprint.now();
            System.out.println(SWAPS + " swaps: " + before + ", then " + after);
            assertTrue(after.threads <= before.threads + 2, () -> "threads: " + before + ", then " + after);
            assertEquals(SWAPS / UPDATES, loaders.size());
            assertOnlyNewestLive();
            assertTrue(after.classes <= before.classes + 100, () -> "classes: " + before + ", then " + after);
            assertTrue(after.residentMiB <= before.residentMiB + 2 * RAM_MIB, () -> "resident: " + before + ", then " + after);
            assertRuns(machine);
        } finally {
            machines.destroy("m1");
        }
    }

    /** Former generations of a bundle go once what is still under way, such as the framework's refresh, has ended. */
    private void assertOnlyNewestLive() throws InterruptedException {
        long end = System.nanoTime() + CLASSES_GO.toNanos();
        while (living().size() > UPDATED.size() && System.nanoTime() < end) {
            System.gc();
            Thread.sleep(500);
        }
        List<Integer> living = living();
        assertTrue(living.size() <= UPDATED.size(), () -> "Of " + loaders.size() + " updates the class loaders live of "
                + living.stream().map(i -> i + " (" + UPDATED.get(i % UPDATED.size()) + ")").toList());
    }

    /** The updates whose class loaders live. */
    private List<Integer> living() {
        return IntStream.range(0, loaders.size()).filter(i -> loaders.get(i).get() != null).boxed().toList();
    }

    private void swap(BundleContext context, Machine machine, int times) throws Exception {
        List<UsedPart> parts = machine.parts();
        for (int i = 0; i < times; i++) {
            if (i % UPDATES == UPDATES - 1) {
                update(context, UPDATED.get(i / UPDATES % UPDATED.size()));
                assertTrue(machine.await(Power.RUNNING, Duration.ofSeconds(5)), () -> machine.status().toString());
            } else {
                UsedPart part = parts.get(i % parts.size());
                machine.use(part.part(), part.kind().equals("cpu") ? ENGINES.get(i / parts.size() % ENGINES.size()) : part.name());
            }
        }
        machine.use("cpu", "interpreter");
    }

    private void update(BundleContext context, String name) throws Exception {
        Bundle bundle = Arrays.stream(context.getBundles()).filter(each -> ("tidemark." + name).equals(each.getSymbolicName())).findFirst().orElseThrow();
        bundle.update();
        loaders.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
    }

    private static void assertRuns(Machine machine) throws Exception {
        long before = machine.instructions();
        Platform.await("guest runs", () -> machine.instructions() > before);
    }

    /** What the process has, after its garbage was collected. */
    private record Footprint(int threads, int classes, long residentMiB) {
        static Footprint now() throws Exception {
            ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
            for (int i = 0; i < 5; i++) {
                System.gc();
                Thread.sleep(100);
            }
            long kibibytes = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
            return new Footprint(ManagementFactory.getThreadMXBean().getThreadCount(), classes.getLoadedClassCount(), kibibytes >> 10);
        }
    }
}
