package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import tidemark.api.cpu.CpuPart;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.machine.Parts.Use;

/** On a framework of its own, whose services are the parts. */
class PartRegistryTest {
    private static final CpuPart CPU = context -> {
        throw new UnsupportedOperationException();
    };
    @TempDir
    private Path folder;
    private Framework framework;
    private BundleContext context;
    private PartRegistry parts;

    @BeforeEach
    void start() throws Exception {
        framework = new FrameworkFactory().newFramework(Map.of("org.osgi.framework.storage", folder.toString()));
        framework.start();
        context = framework.getBundleContext();
        parts = new PartRegistry(context);
    }

    @AfterEach
    void stop() throws Exception {
        parts.deactivate();
        framework.stop();
        framework.waitForStop(10_000);
    }

    private static Dictionary<String, Object> named(String kind, Object name) {
        return new Hashtable<>(Map.of("tidemark." + kind, name));
    }

    private ServiceRegistration<?> cpu(String name) {
        return context.registerService(CpuPart.class, CPU, named("cpu", name));
    }

    @Test
    void partsAreListedByKindAndName() {
        cpu("translator");
        cpu("interpreter");
        context.registerService(GuestPart.class, new TestGuest(), named("guest", new String[] {"nop", "big"}));
        assertEquals(List.of("cpu interpreter", "cpu translator", "guest big", "guest nop"),
                parts.list().stream().map(info -> info.kind() + " " + info.name()).toList());
        assertEquals(List.of("big", "nop"), parts.names("guest"));
        PartInfo info = parts.list().getFirst();
        assertEquals("org.apache.felix.framework", info.bundle());
        assertEquals("active", info.state());
        assertEquals(0, info.users());
    }

    @Test
    void usesAreCountedUntilTheyAreClosed() {
        cpu("interpreter");
        Use<CpuPart> first = parts.use(CpuPart.class, "cpu", "interpreter", () -> {});
        Use<CpuPart> second = parts.use(CpuPart.class, "cpu", "interpreter", () -> {});
        assertSame(CPU, first.part());
        assertEquals(2, first.info().users());
        first.close();
        first.close();
        assertEquals(1, second.info().users());
        second.close();
        assertEquals(0, parts.list().getFirst().users());
    }

    @Test
    void userIsToldOnTheStoppingThreadBeforeThePartIsGone() {
        List<String> events = new ArrayList<>();
        ServiceRegistration<?> registration = context.registerService(CpuPart.class, new ServiceFactory<CpuPart>() {
            @Override
            public CpuPart getService(org.osgi.framework.Bundle bundle, ServiceRegistration<CpuPart> part) {
                return CPU;
            }

            @Override
            public void ungetService(org.osgi.framework.Bundle bundle, ServiceRegistration<CpuPart> part, CpuPart service) {
                events.add("returned");
            }
        }, named("cpu", "interpreter"));
        Use<CpuPart> use = parts.use(CpuPart.class, "cpu", "interpreter", () -> events.add("told on " + Thread.currentThread().getName()));
        Use<CpuPart> closed = parts.use(CpuPart.class, "cpu", "interpreter", () -> events.add("told after close"));
        closed.close();
        registration.unregister();
        assertEquals(List.of("told on " + Thread.currentThread().getName(), "returned"), events);
        use.close();
        assertThrows(MachineException.class, () -> parts.use(CpuPart.class, "cpu", "interpreter", () -> {}));
    }

    @Test
    void failureOfOneUserDoesNotKeepTheOthersFromLeaving() {
        ServiceRegistration<?> registration = cpu("interpreter");
        List<String> left = new ArrayList<>();
        parts.use(CpuPart.class, "cpu", "interpreter", () -> {
            throw new IllegalStateException("stuck");
        });
        parts.use(CpuPart.class, "cpu", "interpreter", () -> left.add("second"));
        registration.unregister();
        assertEquals(List.of("second"), left);
    }

    @Test
    void unknownAndForeignPartsAreRefusedWithNames() {
        cpu("interpreter");
        context.registerService(Runnable.class, () -> {}, named("cpu", "odd"));
        String unknown = assertThrows(MachineException.class, () -> parts.use(CpuPart.class, "cpu", "interpeter", () -> {})).getMessage();
        assertTrue(unknown.contains("No cpu part 'interpeter' is deployed; did you mean interpreter?"), unknown);
        String foreign = assertThrows(MachineException.class, () -> parts.use(CpuPart.class, "cpu", "odd", () -> {})).getMessage();
        assertTrue(foreign.contains("is no tidemark.api.cpu.CpuPart"), foreign);
        String none = assertThrows(MachineException.class, () -> parts.use(CpuPart.class, "tracker", "card", () -> {})).getMessage();
        assertTrue(none.contains("there is none"), none);
    }

    @Test
    void higherRankingWinsAmongEqualNames() {
        cpu("interpreter");
        CpuPart better = context -> null;
        Dictionary<String, Object> properties = named("cpu", "interpreter");
        properties.put("service.ranking", 5);
        context.registerService(CpuPart.class, better, properties);
        assertSame(better, parts.use(CpuPart.class, "cpu", "interpreter", () -> {}).part());
        assertEquals(List.of("interpreter"), parts.names("cpu"));
    }

    @Test
    void listenersHearOfWhatComesAndGoesUntilTheyLeave() throws Exception {
        Semaphore changes = new Semaphore(0);
        AutoCloseable listener = parts.onChange(changes::release);
        try (AutoCloseable failing = parts.onChange(() -> {
            throw new IllegalStateException("bad listener");
        })) {
            ServiceRegistration<?> registration = cpu("interpreter");
            assertTrue(changes.tryAcquire(10, TimeUnit.SECONDS));
            changes.drainPermits();
            registration.unregister();
            assertTrue(changes.tryAcquire(10, TimeUnit.SECONDS));
            assertEquals(failing, failing);
        }
        listener.close();
        changes.drainPermits();
        cpu("other");
        assertTrue(!changes.tryAcquire(50, TimeUnit.MILLISECONDS));
    }
}
