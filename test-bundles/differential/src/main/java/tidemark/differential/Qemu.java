package tidemark.differential;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tidemark.testkit.Elf;

/** qemu-system-riscv64 with a processor that has what Tidemark's has and nothing else. RAM is a file, from which results are read. */
final class Qemu implements Machine {
    private static final String COMMAND = "qemu-system-riscv64";
    private static final String CPU = "rv64,h=false,v=false,zba=false,zbb=false,zbc=false,zbs=false,"
            + "debug=false,pmu-num=0,marchid=0,mimpid=0";
    private static final int TIMEOUT_S = 120;

    /** The first line of its --version; null if there is none. */
    static String version() throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(COMMAND, "--version").redirectErrorStream(true).start();
        } catch (IOException e) {
            return null; // not installed
        }
        try (var output = process.inputReader()) {
            String line = output.readLine();
            process.waitFor();
            return line;
        }
    }

    @Override
    public Result run(byte[] image) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("tidemark-differential");
        Path kernel = directory.resolve("guest.elf");
        Path ram = directory.resolve("ram");
        Path errors = directory.resolve("errors");
        try {
            Files.write(kernel, Elf.executable(Region.RAM, image));
            Process process = new ProcessBuilder(command(kernel, ram)).redirectErrorStream(true).redirectOutput(errors.toFile()).start();
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IOException("QEMU did not reach the end within " + TIMEOUT_S + " s"
                        + unfinished(ram));
            }
            if (process.exitValue() != 0) {
                throw new IOException("QEMU failed with " + process.exitValue() + ": " + Files.readString(errors));
            }
            return new Result(read(ram, image.length), -1);
        } finally {
            for (Path file : List.of(kernel, ram, errors, directory)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /**
     * Two harts, of which one sleeps: only then does QEMU translate atomics to operations that check the right to store before they load,
     * so that a forbidden AMO traps as the specification wants.
     */
    private static List<String> command(Path kernel, Path ram) {
        int mib = Region.RAM_SIZE >> 20;
        String backend = "memory-backend-file,id=ram,size=" + mib + "M,mem-path=" + ram + ",share=on";
        return List.of(COMMAND, "-M", "virt,memory-backend=ram", "-object", backend, "-m", mib + "M", "-smp", "2", "-cpu", CPU,
                "-bios", "none", "-display", "none", "-monitor", "none", "-serial", "none", "-no-reboot", "-kernel", kernel.toString());
    }

    private static byte[] read(Path ram, int length) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(ram.toFile(), "r")) {
            byte[] bytes = new byte[length];
            file.readFully(bytes);
            return bytes;
        }
    }

    private static String unfinished(Path ram) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(ram.toFile(), "r")) {
            for (int i = 0; i < Region.MAX_STREAMS; i++) {
                file.seek(Region.address(i) - Region.RAM + Region.FINISHED);
                if (file.read() == 0) {
                    return "; of a batch of streams, number " + i + " hangs it";
                }
            }
            return "";
        }
    }
}
