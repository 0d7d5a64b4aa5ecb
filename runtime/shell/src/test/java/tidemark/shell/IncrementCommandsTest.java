package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.Progress;
import tidemark.api.memory.PageSet;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.Screen;

class IncrementCommandsTest {
    @TempDir
    Path home;
    private final Fakes.FakeMachines machines = new Fakes.FakeMachines();
    private final List<CheckpointRequest> taken = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    /** Of the images of the folder: the id of each one's parent. */
    private final Map<String, String> parents = new java.util.TreeMap<>();
    private List<Command> commands;
    private CommandSession session;

    @BeforeEach
    void makeCommands() throws Exception {
        Checkpoints checkpoints = Fakes.of(Checkpoints.class, new Fakes.Choices() {
            public CheckpointTask start(CheckpointRequest request) {
                taken.add(request);
                return Fakes.of(CheckpointTask.class, new Object() {
                    public CheckpointReport await(Consumer<Progress> listener) throws Exception {
                        Files.createFile(request.image());
                        return Fakes.report(request);
                    }
                });
            }

            public void merge(Path image, Optional<Path> onto) {
                done.add("merge " + image.getFileName() + " onto " + onto.orElseThrow().getFileName());
            }

            public void deleteAll(List<Path> images) throws Exception {
                for (Path image : images) {
                    Files.delete(image);
                    done.add("delete " + image.getFileName());
                }
            }

            public Optional<Path> endIncrements(String machine) {
                return taken.isEmpty() ? Optional.empty() : Optional.of(taken.getLast().image());
            }

            public List<Path> list(Path folder) {
                return parents.keySet().stream().map(folder::resolve).toList();
            }

            public ImageReader open(Path image) {
                String name = image.getFileName().toString();
                String parent = parents.get(name);
                return Fakes.of(ImageReader.class, new Object() {
                    public Map<String, String> manifest() {
                        return Map.of("id", name, "time", "2026-11-29T12:00:00.123Z");
                    }

                    public long pages() {
                        return 256;
                    }

                    public List<ImageReader.Section> sections() {
                        return List.of(new ImageReader.Section("header", 0, 4096, 0, 0), new ImageReader.Section("ram", 4096, 1 << 20, 3, 253));
                    }

                    public PageSet own() {
                        return PageSet.none(256);
                    }

                    public Optional<ImageReader.Parent> parent() {
                        return parent.isEmpty() ? Optional.empty() : Optional.of(new ImageReader.Parent(parent, parent));
                    }

                    public void close() {}
                });
            }
        });
        commands = Command.of(new IncrementCommands(checkpoints, machines.machines(), new Images(home)));
        session = new Fakes.FakeSession(home).session();
        machines.create(VmCommandsTest.spec("cg")).start();
    }

    private Object run(String line) throws CommandError {
        String[] words = line.split(" ");
        return commands.stream().filter(c -> c.name().equals(words[0])).findFirst().orElseThrow()
                .execute(session, Arrays.stream(words).skip(1).map(Object.class::cast).toList());
    }

    @Test
    void aSeriesThatKeepsTwoLetsThemBecomeFourThenTheNewestTwoAndTheFirstStay() throws Exception {
        run("series cg --every 1ms --count 5 --keep 2");
        assertEquals(List.of("merge cg-incremental-4.tdm onto cg-incremental-1.tdm", "delete cg-incremental-2.tdm", "delete cg-incremental-3.tdm"), done);
        run("series cg --every 1ms --count 1");
        assertEquals("cg-incremental-6.tdm", taken.getLast().image().getFileName().toString(), "numbers of images that went are not given again");
        try (Stream<Path> files = Files.list(home.resolve("checkpoints"))) {
            assertEquals(4, files.count());
        }
    }

    @Test
    void aSeriesMeasuresNoRatesAndCanBeTakenWithAnythingElse() throws Exception {
        run("series cg --count 1 -p thread -l mapped -o maxRounds=3 --oracle --to .");
        CheckpointRequest request = taken.getFirst();
        assertEquals(Map.of("rateWindowMs", "0", "maxRounds", "3"), request.options());
        assertEquals(home.resolve("cg-thread-1.tdm"), request.image().normalize());
        assertTrue(request.oracle());
        assertEquals(List.of("mapped", "writefault"), List.of(request.layout(), request.tracker()));
    }

    @Test
    void whatASeriesCannotDoItRefusesBeforeItBegins() {
        for (Map.Entry<String, String> wrong : Map.of("series cg --every 50", "'50' is no length of time; write it as 50ms", "series cg --keep -1", "numbers from 0 on",
                "series cg --to nowhere", "there is no folder", "series other", "other").entrySet()) {
            CommandError e = assertThrows(CommandError.class, () -> run(wrong.getKey()));
            assertTrue(e.getMessage().contains(wrong.getValue()), e.getMessage());
        }
        assertEquals(List.of(), taken);
    }

    @Test
    void lengthsOfTimeAreThoseThatPeopleWrite() throws Exception {
        assertEquals(List.of(Duration.ofMillis(50), Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofHours(1)), List.of(Times.duration("", "50ms"),
                Times.duration("", "2s"), Times.duration("", " 5min"), Times.duration("", "1h")));
    }

    @Test
    void aTreeShowsLinesStraightAndBranchesDeeperAndOrphansAsSuch() throws Exception {
        parents.putAll(Map.of("a", "", "b", "a", "c", "b", "d", "c", "d2", "c", "o", "gone", "x", "y", "y", "x"));
        for (String image : parents.keySet()) {
            Files.createFile(home.resolve(image));
        }
        String tree = ((ImageTree) run("tree .")).table().render(Screen.plain(System.out));
        assertTrue(tree.contains("16.4 kB"), tree);
        List<String> names = tree.lines().skip(1).map(line -> line.replaceFirst("  +(256|0) .*", "")).toList();
        assertEquals(List.of("a", "  + b", "  + c", "    + d", "    + d2", "+ o (its parent is not here)", "+ x", "  + y"), names);
    }

    @Test
    void endSaysWhichImageIsTheNewest() throws Exception {
        assertEquals("cg has no increments that go on", run("end cg"));
        run("series cg --count 1");
        assertTrue(run("end cg").toString().endsWith("cg-incremental-1.tdm"));
    }
}
