package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.api.machine.DiskInfo;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.Screen;

class DiskCommandsTest {
    @TempDir
    Path folder;

    private final Fakes.FakeMachines machines = new Fakes.FakeMachines();

    /** A format whose files are lines: its name, the size, the file below and its format. */
    private record TextFormat(String name) implements DiskPart {
        @Override
        public boolean recognizes(Path file) throws IOException {
            return !name.equals("raw") && Files.readString(file).startsWith(name + "\n");
        }

        @Override
        public Disk open(Path file, boolean writable, Opener below) throws IOException {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() > 2) {
                below.open(new Backing(Path.of(lines.get(2)), lines.get(3))).close();
            }
            return Fakes.of(Disk.class, new Object() {
                public long size() {
                    return Long.parseLong(lines.get(1));
                }

                public void close() {}
            });
        }

        @Override
        public void create(Path file, long size, Optional<Backing> backing) throws IOException {
            if (name.equals("raw") && backing.isPresent()) {
                throw new IOException(file + " cannot lie over anything; choose another format");
            }
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            Files.writeString(file, name + "\n" + size + "\n" + backing.map(b -> b.file() + "\n" + b.format() + "\n").orElse(""));
        }
    }

    private static final Map<String, DiskPart> FORMATS = Map.of("raw", new TextFormat("raw"), "qcow2", new TextFormat("qcow2"),
            "overlay", new TextFormat("overlay"));

    private static Parts parts() {
        return Fakes.of(Parts.class, new Object() {
            public List<String> names(String kind) {
                return FORMATS.keySet().stream().sorted().toList();
            }

            public Parts.Use<?> use(Class<?> type, String kind, String name, Runnable gone) {
                if (!FORMATS.containsKey(name)) {
                    throw new MachineException("There is no disk part " + name);
                }
                return Fakes.of(Parts.Use.class, new Object() {
                    public Object part() {
                        return FORMATS.get(name);
                    }

                    public void close() {}
                });
            }
        });
    }

    private String run(String line) throws CommandError {
        String[] words = line.split(" ");
        Object result = Command.of(new DiskCommands(parts(), machines.machines())).stream().filter(c -> c.name().equals(words[0])).findFirst().orElseThrow()
                .execute(new Fakes.FakeSession(folder).session(), Arrays.stream(words).skip(1).map(Object.class::cast).toList());
        return Tables.of(result).orElseThrow().render(Screen.plain(System.out)).replace(folder.toString(), "");
    }

    private String error(String line) {
        return assertThrows(CommandError.class, () -> run(line)).getMessage().replace(folder.toString(), "");
    }

    @Test
    void aNewFileIsShownAsItIs() throws CommandError {
        assertEquals("file    /a.img\nformat  raw\ndisk    64 MiB\nlength  13 B", run("create a.img 64M"));
        assertEquals(run("info a.img"), "file    /a.img\nformat  raw\ndisk    64 MiB\nlength  13 B");
    }

    @Test
    void theFormatIsAsToldOrAsTheNameEndsOrPlain() throws CommandError {
        assertEquals("format  qcow2", run("create b.qcow2 1G").lines().toList().get(1));
        assertEquals("format  overlay", run("create c.img 1G --format overlay").lines().toList().get(1));
        assertEquals("There is no disk part vmdk", error("create d.img 1G --format vmdk"));
    }

    @Test
    void layersHaveTheSizeAndFormatOfWhatIsBelow() throws CommandError {
        run("create base.img 64M");
        run("create middle --backing base.img");
        assertEquals("file       /top.overlay\nformat     overlay\ndisk       128 MiB\nlength     " + (18 + 7 + folder.toString().length() + 7)
                + " B\nlies over  /middle (qcow2)\nlies over  /base.img (raw)", run("create top.overlay 128M -b middle"));
        assertEquals("disk:create: /x.raw cannot lie over anything; choose another format", error("create x.raw --backing base.img"));
        assertEquals("disk:create: there is no file /nothing", error("create x --backing nothing"));
    }

    @Test
    void wrongSizesAndFilesAreRefused() throws CommandError {
        run("create a.img 1M");
        assertEquals("disk:create: /a.img exists already", error("create a.img 1M"));
        assertEquals("disk:create: SIZE is missing, as in disk:create b.img 1G", error("create b.img"));
        assertEquals("disk:create: SIZE '7': a disk has whole sectors of 512 bytes; write it as 64M or 1G", error("create b.img 7"));
        assertEquals("disk:create: SIZE '1X' is no size; write it as 64M or 1G", error("create b.img 1X"));
        assertEquals("disk:info: there is no file /none", error("info none"));
    }

    @Test
    void aFileThatAMachineWritesIsFlushedAndShownAsTheMachineHasIt() throws CommandError {
        run("create base.img 64M");
        run("create top.overlay --backing base.img");
        List<String> done = new ArrayList<>();
        Disk disk = Fakes.of(Disk.class, new Object() {
            public long size() {
                return 64 << 20;
            }

            public boolean writable() {
                return true;
            }

            public void flush() {
                done.add("flush");
            }
        });
        machines.create(MachineSpec.of(Map.of("name", "m1")));
        machines.all.get("m1").disks.add(new DiskInfo("disk0", disk, List.of(folder.resolve("top.overlay"), folder.resolve("base.img"))));
        String text = run("info top.overlay");
        assertEquals("format      overlay", text.lines().toList().get(1));
        assertEquals(List.of("lies over   /base.img (raw)", "written by  m1 (disk0)"), text.lines().skip(4).toList());
        assertEquals(List.of("flush"), done);
        assertEquals("length  13 B", run("info base.img").lines().toList().getLast(), "which the machine does not write");
    }

    @Test
    void aChainThatComesBackToItselfIsRefused() throws CommandError, IOException {
        Files.writeString(folder.resolve("a"), "qcow2\n512\n" + folder.resolve("b") + "\nqcow2\n");
        Files.writeString(folder.resolve("b"), "qcow2\n512\n" + folder.resolve("a") + "\nqcow2\n");
        assertEquals("disk:info: /a lies over itself; its chain of files is broken", error("info a"));
    }
}
