package tidemark.guest.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tidemark.api.machine.GuestPart;
import tidemark.guest.Program;
import tidemark.testkit.HostTool;
import tidemark.testkit.HostTool.Outcome;

/** The kernels wherever they run but on our own machines, where {@code bench cpu} compares them. Short repetitions, the least RAM that each claims to need. */
@Execution(ExecutionMode.CONCURRENT)
class KernelsTest {
    private static final Pattern REPETITION = Pattern.compile("(?m)^repetition (\\d+) checksum ([0-9a-f]{16}) ticks (\\d+) instructions (\\d+)$");
    private static final String[] SHORT = {"repetitions=2", "percent=1"};

    @TempDir
    Path directory;

    static Stream<String> names() {
        return KernelGuests.PROGRAMS.stream().map(Program::name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aKernelHasTheSameChecksumOnTheHostInUserModeAndOnABoard(String name) throws Exception {
        HostTool.require("qemu-riscv64", "qemu-user");
        List<String> expected = checksums(HostTool.run(60, command(build("native", name))));
        assertEquals(2, expected.size());
        assertEquals(expected.get(0), expected.get(1));
        assertEquals(expected, checksums(HostTool.run(60, command("qemu-riscv64", build("user", name)))));
        assertEquals(expected, checksums(board(name, 1)));
    }

    @Test
    void everyHartComputesAndTheFirstHartsResultsAreItsOwn() throws Exception {
        HostTool.require("gcc", "gcc");
        assertEquals(checksums(HostTool.run(60, command(build("native", "kernel.sort")))), checksums(board("kernel.sort", 3)));
    }

    @Test
    void crc32IsTheWellKnownOne() throws Exception {
        CRC32 crc = new CRC32();
        for (int i = 0; i < (8 << 20) / 100; i++) {
            crc.update(i * 131 >> 3);
        }
        String checksum = checksums(HostTool.run(60, command(build("native", "kernel.crc32")))).getFirst();
        assertEquals(crc.getValue(), Long.parseLong(checksum, 16));
    }

    @Test
    void tooLittleMemoryIsRefusedWithTheAmount() throws Exception {
        HostTool.require("qemu-system-riscv64", "qemu-system-misc");
        Outcome outcome = board("kernel.store", 1, "-m", "4M");
        assertTrue(outcome.output().contains("The kernel works in 8388608 bytes, this machine has "), outcome.output());
        assertEquals(4, outcome.exitCode());
    }

    @Test
    void theServicePropertyNamesEveryKernelAndNoOther() throws Exception {
        byte[] classFile = KernelGuests.class.getResourceAsStream("KernelGuests.class").readAllBytes();
        var component = ClassFile.of().parse(classFile).findAttribute(Attributes.runtimeInvisibleAnnotations()).orElseThrow().annotations().getFirst();
        AnnotationValue property = component.elements().getFirst().value();
        List<String> named = ((AnnotationValue.OfArray) property).values().stream().map(value -> ((AnnotationValue.OfString) value).stringValue()).toList();
        assertEquals(names().map(name -> GuestPart.NAME + "=" + name).toList(), named);
    }

    private static List<String> checksums(Outcome outcome) {
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals(Optional.of("SUCCESSFUL"), KernelGuests.PROGRAMS.getFirst().verification(outcome.output()), outcome.output());
        return REPETITION.matcher(outcome.output()).results().map(line -> line.group(2)).toList();
    }

    private static String[] command(String... words) {
        return Stream.concat(Stream.of(words), Stream.of(SHORT)).toArray(String[]::new);
    }

    private Outcome board(String name, int harts, String... more) throws Exception {
        HostTool.require("qemu-system-riscv64", "qemu-system-misc");
        Program program = KernelGuests.PROGRAMS.stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
        Path elf = Files.write(directory.resolve("board.elf"), program.kernel());
        int ram = program.minimumRamMiB() * harts;
        String[] command = {"qemu-system-riscv64", "-M", "virt", "-bios", "none", "-nographic", "-smp", Integer.toString(harts), "-m", ram + "M",
            "-kernel", elf.toString(), "-append", String.join(" ", SHORT)};
        return HostTool.run(60, Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new));
    }

    private String build(String form, String name) throws Exception {
        HostTool.require("gcc", "gcc");
        HostTool.require("riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu");
        Path out = directory.resolve(form);
        assertEquals(new Outcome(0, ""), HostTool.run(120, "sh", "src/main/c/build.sh", out.toString(), form, name));
        return out.resolve(name + ".elf").toString();
    }
}
