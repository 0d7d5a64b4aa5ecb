package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.HostTool;

/** What {@code launch/tidemark new} makes, of each kind but protocols, which {@link TutorialIT} makes. */
@Timeout(300)
class ProjectsIT {
    private static final List<String> KINDS = List.of("tracker", "copier", "device", "cpu");

    @TempDir
    Path home;

    @Test
    void aProjectOfEachKindIsBuiltDeployedAndKeepsItsContract() throws Exception {
        for (String kind : KINDS) {
            Launched made = Launched.tidemark(home, "new", kind, "my-" + kind);
            assertEquals(0, made.code(), made.toString());
            HostTool.Outcome built = HostTool.run(120, home.resolve("my-" + kind + "/build").toString());
            assertEquals(0, built.exitCode(), built.output());
        }
        StringBuilder script = new StringBuilder();
        KINDS.forEach(kind -> script.append("part:install my-%s/target/my-%s.jar\n".formatted(kind, kind)));
        script.append("vm:create m1 --guest cg.S --cpu interpreter --ram 64 --device my-device --start\ncheckpoint:compare m1 -p thread -t my-tracker -c my-copier\n"
                + "vm:use m1 cpu=my-cpu\nvm:wait m1 --timeout 120\nvm:console m1 --lines 50\n");
        KINDS.forEach(kind -> script.append("contract:run my-%s\n".formatted(kind)));
        script.append("contract:run qcow2 --only 'host that is full'\n");
        Launched end = Launched.tidemark(home, "exec", script.toString());
        assertEquals(0, end.code(), end.toString());
        assertTrue(end.out().contains("qcow2 keeps 1 promise "), end.out());
        assertTrue(end.out().contains("my-device0=my-device") && end.out().contains("SUCCESSFUL"), end.out());
        for (String kind : KINDS) {
            assertTrue(end.out().contains("my-" + kind + " keeps "), end.out());
        }
        assertFalse(end.out().contains("FAIL"), end.out());
    }

    @Test
    void whatDoesNotCompileIsShownAsTheCompilerSaysIt() throws Exception {
        Launched.tidemark(home, "new", "copier", "wrong");
        Path source = home.resolve("wrong/src/main/java/copier/wrong/WrongCopier.java");
        Files.writeString(source, Files.readString(source).replace("stride)", "strid)"));
        HostTool.Outcome built = HostTool.run(120, home.resolve("wrong/build").toString());
        assertEquals(1, built.exitCode(), built.output());
        assertTrue(built.output().contains("WrongCopier.java:[") && built.output().contains("cannot find symbol") && built.output().contains("variable strid"),
                built.output());
        assertTrue(built.output().lines().count() < 12, built.output());
    }

    @Test
    void namesThatCannotBeAreRefusedWithTheWayOut() throws Exception {
        Files.createDirectory(home.resolve("here"));
        Map<List<String>, String> refusals = Map.of(List.of("protocl", "x"), "there are copier cpu device protocol tracker",
                List.of("protocol", "Bad name"), "lower-case letters", List.of("device", "../x"), "lower-case letters",
                List.of("protocol", "here"), "exists already", List.of("protocol", "while"), "a word of Java",
                List.of("protocol", "thread"), "the platform has a protocol", List.of("protocol", "checkpoint"), "is one of the platform's");
        for (Map.Entry<List<String>, String> refusal : refusals.entrySet()) {
            Launched end = Launched.tidemark(home, "new", refusal.getKey().getFirst(), refusal.getKey().getLast());
            assertEquals(1, end.code(), end.toString());
            assertTrue(end.err().startsWith("tidemark: ") && end.err().contains(refusal.getValue()), end.toString());
        }
        try (Stream<Path> files = Files.list(home)) {
            assertEquals(List.of("err", "here", "out"), files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void projectsAreBuiltByTheToolsThatBuildThePlatform() throws Exception {
        String ours = Files.readString(Platform.ROOT.resolve("cnf/pom.xml"));
        String bnd = Pattern.compile("<bnd.version>(.*)</bnd.version>").matcher(ours).results().findFirst().orElseThrow().group(1);
        String theirs = Files.readString(Platform.ROOT.resolve("test-bundles/archetype/project/pom.xml"));
        List<String> pinned = Pattern.compile("<artifactId>[^<]+</artifactId><version>[^$0<][^<]*</version>").matcher(theirs).results()
                .map(MatchResult::group).toList();
        assertEquals(7, pinned.size(), pinned.toString());
        for (String artifact : pinned) {
            assertTrue(ours.contains(artifact.replace(">" + bnd + "<", ">${bnd.version}<")), artifact + " is not of the version in cnf/pom.xml");
        }
    }
}
