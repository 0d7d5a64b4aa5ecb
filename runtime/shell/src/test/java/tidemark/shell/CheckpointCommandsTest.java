package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.Checkpoints.RestoreReport;
import tidemark.api.checkpoint.Checkpoints.Verdict;
import tidemark.api.checkpoint.ImageAsk;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageReader.Section;
import tidemark.api.checkpoint.Progress;
import tidemark.api.checkpoint.RestoreGrants;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.Screen;
import tidemark.api.state.State;
import tidemark.files.Reservation;

class CheckpointCommandsTest {
    @TempDir
    Path home;
    private final Fakes.FakeMachines machines = new Fakes.FakeMachines();
    private final List<CheckpointRequest> taken = new ArrayList<>();
    private final List<Path> deleted = new ArrayList<>();
    private final List<RestoreGrants> granted = new ArrayList<>();
    private boolean imagesAreEqual = true;
    private Path damaged;
    private CommandSession session;
    private List<Command> commands;
    private Checkpoints checkpoints;

    @BeforeEach
    void makeCommands() {
        checkpoints = Fakes.of(Checkpoints.class, new Fakes.Choices() {
            public CheckpointTask start(CheckpointRequest request) {
                taken.add(request);
                return Fakes.of(CheckpointTask.class, new Object() {
                    public CheckpointReport await(Consumer<Progress> listener) throws Exception {
                        Files.createFile(request.image());
                        return Fakes.report(request);
                    }
                });
            }

            public void delete(Path image) throws Exception {
                deleted.add(image);
                Files.delete(image);
            }

            public void deleteAll(List<Path> images) throws Exception {
                for (Path image : images) {
                    delete(image);
                }
            }

            public Verdict verify(Path image, RestoreGrants grants) {
                return new Verdict(image, imagesAreEqual, 65_536, imagesAreEqual ? 0 : 2, imagesAreEqual ? List.of() : List.of(3L, 9L),
                        List.of());
            }

            public List<Path> list(Path folder) throws Exception {
                try (var files = Files.list(folder)) {
                    return files.sorted().toList();
                }
            }

            public ImageReader open(Path image) throws CheckpointException {
                if (image.equals(damaged)) {
                    throw new CheckpointException("Image " + image + " is damaged");
                }
                return Fakes.of(ImageReader.class, new Object() {
                    public Map<String, String> manifest() {
                        return Map.of("machine.name", "cg");
                    }

                    public long pages() {
                        return 256;
                    }

                    public List<Section> sections() {
                        return List.of();
                    }

                    public List<State> states() {
                        return List.of();
                    }

                    public void close() {}
                });
            }

            public List<ImageAsk> asks(Path image) {
                return List.of(new ImageAsk("net0", "listens on tcp 0.0.0.0:22", "", "--net none"));
            }

            public RestoreReport restore(Path image, String name, RestoreGrants grants) {
                granted.add(grants);
                Machine machine = machines.create(VmCommandsTest.spec(name));
                return new RestoreReport(image, machine, 1_000_000, 5);
            }
        });
        PartInfo[] protocols = Arrays.stream(new String[] {"cow", "live", "stop", "thread"}).map(n -> new PartInfo("protocol", n, "b." + n,
                "1", "active", 0)).toArray(PartInfo[]::new);
        commands = Command.of(new CheckpointCommands(checkpoints, machines.machines(), Fakes.parts(protocols), new Images(home)));
        session = new Fakes.FakeSession(home).session();
        machines.create(VmCommandsTest.spec("cg"));
    }

    private Object run(String line) throws CommandError {
        String[] words = line.split(" ");
        return commands.stream().filter(c -> c.name().equals(words[0])).findFirst().orElseThrow()
                .execute(session, Arrays.stream(words).skip(1).map(Object.class::cast).toList());
    }

    @Test
    void imagesAreNumberedInTheFolderOfThePlatform() throws CommandError {
        run("take cg");
        run("take cg");
        run("take cg -p stop");
        assertEquals(List.of("cg-thread-1.tdm", "cg-thread-2.tdm", "cg-stop-1.tdm"), taken.stream().map(r -> r.image().getFileName()
                .toString()).toList());
        assertEquals(home.resolve("checkpoints"), taken.getFirst().image().getParent());
    }

    @Test
    void severalImagesAreDeletedTogetherAlsoThoseOfAList() throws Exception {
        run("take cg");
        run("take cg");
        run("take cg");
        assertEquals("2 images deleted", run("delete cg-thread-1 cg-thread-2"));
        Command delete = commands.stream().filter(c -> c.name().equals("delete")).findFirst().orElseThrow();
        assertEquals(null, delete.execute(session, List.of(List.of(home.resolve("checkpoints/cg-thread-3.tdm")))));
        assertEquals("No image was named, none was deleted", delete.execute(session, List.of(List.of())));
        assertEquals(3, deleted.size());
    }

    @Test
    void twoPlatformsOfOneHomeNeverChooseTheSameName() throws Exception {
        try (Reservation theirs = new Images(home).reserve("cg", "thread")) {
            run("take cg");
            assertEquals(List.of("cg-thread-1.tdm", "cg-thread-2.tdm"), List.of(theirs.file().getFileName().toString(),
                    taken.getFirst().image().getFileName().toString()));
        }
        try (Stream<Path> files = Files.list(home.resolve("checkpoints"))) {
            assertEquals(List.of("cg-thread-2.tdm"), files.map(file -> file.getFileName().toString()).toList(), "nothing is left of reservations");
        }
    }

    @Test
    void theRequestHasTheChosenPartsAndOptions() throws CommandError {
        run("take cg -p live -t card -c pool -l mapped -s rounds -o maxRounds=3 -o threads=2 --oracle --to x.tdm");
        assertEquals(new CheckpointRequest("cg", home.resolve("x.tdm"), "live", "card", "pool", "mapped", "rounds", true,
                Map.of("maxRounds", "3", "threads", "2")), taken.getFirst());
        assertTrue(assertThrows(CommandError.class, () -> run("take cg -o maxRounds")).getMessage().contains("write -o key=value"));
    }

    @Test
    void whatVmUseHasChosenHoldsWhereNothingElseIsSaid() throws Exception {
        new Exchanges(machines.machines(), checkpoints).make("vm:use", "cg", List.of("tracker=card", "protocol=live", "layout=mapped"));
        run("take cg");
        run("take cg -p stop -t log");
        run("compare cg -p thread");
        assertEquals(List.of("live card mapped", "stop log mapped", "thread card mapped"), taken.stream().map(r -> r.protocol() + " " + r.tracker() + " " + r.layout()).toList());
    }

    @Test
    void comparisonTakesEachProtocolInTheThesisOrderAndDeletesTheImages() throws CommandError {
        assertEquals(4, ((List<?>) run("compare cg")).size());
        assertEquals(List.of("stop", "live", "thread", "cow"), taken.stream().map(CheckpointRequest::protocol).toList());
        assertEquals(4, deleted.size());
        run("compare cg -p stop,cow --keep");
        assertEquals(4, deleted.size());
        assertEquals("There is no machine gc", assertThrows(CommandError.class, () -> run("compare gc")).getMessage());
    }

    @Test
    void aRestoreGrantsWhatTheUserSaysAndInspectShowsWhatIsAskedFor() throws Exception {
        Files.createFile(home.resolve("theirs.tdm"));
        run("restore theirs.tdm --name x --allow Image --disk disk0=d.img --forward tcp:0:22");
        assertEquals(List.of(home.resolve("Image")), granted.getFirst().files());
        assertEquals(home.resolve("d.img"), granted.getFirst().disks().get("disk0").file());
        assertEquals(List.of("tcp:0:22"), granted.getFirst().forwards());
        assertTrue(assertThrows(CommandError.class, () -> run("restore theirs.tdm --into cg --forward tcp:0:22")).getMessage().contains("leave --net and"));
        ImageInfo info = (ImageInfo) run("inspect theirs.tdm");
        assertEquals(List.of("net0 listens on tcp 0.0.0.0:22 (not granted; --net none would)"), info.asks());
    }

    @Test
    void imagesAreFoundByPathOrName() throws Exception {
        run("take cg");
        assertEquals(true, ((Verdict) run("verify cg-thread-1")).equal());
        assertEquals(true, ((Verdict) run("verify checkpoints/cg-thread-1.tdm")).equal());
        assertTrue(assertThrows(CommandError.class, () -> run("verify other")).getMessage().startsWith("There is no image other in "));
    }

    @Test
    void aDamagedImageIsListedAsSuchBesideTheOthers() throws CommandError {
        run("take cg");
        run("take cg");
        damaged = home.resolve("checkpoints/cg-thread-1.tdm");
        List<String> rows = Tables.of(run("list")).orElseThrow().render(Screen.of(session)).lines().skip(1).toList();
        assertTrue(rows.getFirst().contains("cg-thread-1.tdm") && rows.getFirst().contains("DAMAGED"), rows.toString());
        assertTrue(rows.getLast().contains("cg-thread-2.tdm") && rows.getLast().contains("1 MiB"), rows.toString());
    }

    @Test
    void aProtocolThatIsNotDeployedIsRefusedBeforeAnyCheckpointIsTaken() {
        String refusal = assertThrows(CommandError.class, () -> run("compare cg -p stop,lve")).getMessage();
        assertTrue(refusal.startsWith("No protocol part 'lve' is deployed; did you mean live?"), refusal);
        assertThrows(CommandError.class, () -> run("compare cg -p ,"));
        assertEquals(List.of(), taken);
    }

    @Test
    void anImageThatDiffersIsAnError() throws Exception {
        run("take cg");
        imagesAreEqual = false;
        String error = assertThrows(CommandError.class, () -> run("verify cg-thread-1")).getMessage();
        assertTrue(error.contains("2 of 65,536 pages [3, 9]"), error);
    }

    @Test
    void aRestoredMachineIsAnotherOneUnlessItIsToRepeatTheRun() throws Exception {
        run("take cg");
        run("restore cg-thread-1 --name fresh --start");
        run("restore cg-thread-1 --name asked --identity fresh");
        run("restore cg-thread-1 --name same --identity same");
        assertEquals(1, machines.all.get("fresh").identities);
        assertEquals(1, machines.all.get("asked").identities);
        assertEquals(0, machines.all.get("same").identities);
        String error = assertThrows(CommandError.class, () -> run("restore cg-thread-1 --identity other")).getMessage();
        assertTrue(error.contains("fresh or same"), error);
    }

    @Test
    void aRestoredMachineHasAFreeNameAndRunsOnRequest() throws Exception {
        run("take cg");
        assertEquals("cg-2", ((RestoreReport) run("restore cg-thread-1 --start")).machine().name());
        assertEquals(Machine.Power.RUNNING, machines.all.get("cg-2").power);
        assertEquals("cg-3", ((RestoreReport) run("restore cg-thread-1")).machine().name());
        assertTrue(assertThrows(CommandError.class, () -> run("restore cg-thread-1 --name a --into cg")).getMessage().contains("not both"));
    }

    @Test
    void sectionsOfOneTypeAreOneLine() {
        List<Section> sections = List.of(new Section("header", 0, 64, 0, 0), new Section("pages", 64, 1000, 200, 56),
                new Section("pages", 1064, 500, 100, 156), new Section("end", 1564, 32, 0, 0));
        assertEquals(List.of("header    at              0, 64 bytes",
                "pages     at             64, 2 of them, 1,500 bytes, 300 pages with data, 212 of zeros",
                "end       at          1,564, 32 bytes"), Tables.sections(sections));
    }

    @Test
    void reportsAreTablesOneAndMany() throws CommandError {
        assertEquals(2, Tables.of(run("compare cg -p stop,thread")).orElseThrow().render(Screen.of(session)).lines().skip(1).count());
        assertTrue(Tables.of(run("take cg")).orElseThrow().render(Screen.of(session)).contains("handshake"));
    }
}
