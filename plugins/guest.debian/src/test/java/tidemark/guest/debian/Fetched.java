package tidemark.guest.debian;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tidemark.api.machine.GuestPart.FetchableGuest;
import tidemark.api.machine.MachineException;
import tidemark.testkit.HostTool;

/** The guests as they are in the user's cache, fetched if need be, and run by QEMU, whose board {@code virt} has all of the devices. */
final class Fetched {
    private static final int TIMEOUT_SECONDS = 120;

    private Fetched() {}

    static FetchableGuest guest(String name) throws InterruptedException {
        return fetch((FetchableGuest) new DebianGuests().guest(name).orElseThrow());
    }

    static <T extends FetchableGuest> T fetch(T guest) throws InterruptedException {
        try {
            guest.fetch(false, line -> { });
        } catch (MachineException e) {
            if (!e.getMessage().startsWith("Cannot fetch")) {
                throw e;
            }
            HostTool.unavailable(e.getMessage());
        }
        return guest;
    }

    /** @param typed is sent when what is before it has been printed: expected, typed, expected, typed ... @return all that the guest printed */
    static String run(FetchableGuest guest, Path folder, String arguments, List<String> devices, String... typed) throws Exception {
        HostTool.require("qemu-system-riscv64", "qemu-system-misc");
        Files.write(folder.resolve("kernel"), guest.kernel());
        Files.write(folder.resolve("initrd"), guest.initrd());
        List<String> command = new ArrayList<>(List.of("qemu-system-riscv64", "-M", "virt", "-m", guest.settings().get("ram"), "-nographic", "-no-reboot",
                "-kernel", folder.resolve("kernel").toString(), "-initrd", folder.resolve("initrd").toString(),
                "-append", (guest.settings().get("arguments") + " " + arguments).strip()));
        command.addAll(devices);
        Path console = folder.resolve("console.txt");
        Process qemu = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(console.toFile()).start();
        try {
            for (int i = 0; i < typed.length; i += 2) {
                await(qemu, console, typed[i]);
                qemu.getOutputStream().write((typed[i + 1] + "\n").getBytes(StandardCharsets.UTF_8));
                qemu.getOutputStream().flush();
            }
            assertTrue(qemu.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS), () -> "the guest does not power off; it printed\n" + text(console));
            return text(console);
        } finally {
            qemu.destroyForcibly().waitFor();
        }
    }

    private static void await(Process qemu, Path console, String expected) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!text(console).contains(expected)) {
            assertTrue(qemu.isAlive() && System.nanoTime() < end, () -> "the guest does not print '" + expected + "' but\n" + text(console));
            Thread.sleep(50);
        }
    }

    private static String text(Path console) {
        try {
            return Files.readString(console, StandardCharsets.ISO_8859_1).replace("\r", "");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
