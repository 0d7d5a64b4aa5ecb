package tidemark.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrictModesTest {
    @TempDir
    private Path home;
    private Path folder;
    private int user;

    @BeforeEach
    void makeFolders() throws IOException {
        home = home.toRealPath();
        folder = Files.createDirectories(home.resolve("a/b/c"));
        for (Path each = folder; !each.equals(home.getParent()); each = each.getParent()) {
            mode(each, "rwxr-xr-x");
        }
        user = (Integer) Files.getAttribute(home, "unix:uid");
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private Optional<String> objection(Path path) throws IOException {
        return new StrictModes(user, home).objection(path);
    }

    @Test
    void whatOnlyItsOwnerCanChangeIsFine() throws IOException {
        assertEquals(Optional.empty(), objection(folder));
        mode(folder, "rwx------");
        assertEquals(Optional.empty(), objection(folder));
    }

    @Test
    void folderAndEachAboveItMustNotBeWritableByOthers() throws IOException {
        for (Path each : new Path[] {folder, home.resolve("a"), home}) {
            for (String permissions : new String[] {"rwxrwxr-x", "rwxr-xrwx"}) {
                mode(each, permissions);
                assertEquals(Optional.of("others than its owner may write to " + each + " (" + permissions + "): chmod go-w " + each), objection(folder));
            }
            mode(each, "rwxr-xr-x");
        }
    }

    @Test
    void stickyFolderAboveIsFineButNotTheFolderItself() throws IOException {
        Files.setAttribute(home.resolve("a"), "unix:mode", 01777);
        assertEquals(Optional.empty(), objection(folder));
        assertTrue(objection(home.resolve("a")).isPresent());
    }

    @Test
    void nobodyElseButRootMayOwnIt() throws IOException {
        int other = user;
        if (user == 0) {
            Files.setAttribute(folder.getParent(), "unix:uid", 1);
            other = 2;
        }
        Optional<String> objection = new StrictModes(other + (user == 0 ? 0 : 1), home).objection(folder);
        assertTrue(objection.orElse("").contains(" belongs to "), objection::toString);
    }

    @Test
    void linkIsAsGoodAsItsPlaceAndWhereItLeadsTo() throws IOException {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        mode(elsewhere, "rwxr-xr-x");
        Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere);
        assertEquals(Optional.empty(), objection(link));
        mode(elsewhere, "rwxrwxrwx");
        assertTrue(objection(link).orElse("").contains(elsewhere.toString()));
        mode(elsewhere, "rwxr-xr-x");
        mode(folder, "rwxrwxrwx");
        assertTrue(objection(link).orElse("").contains(folder.toString()), "somebody could lead it elsewhere");
    }

    @Test
    void whatMendsItCanBeTypedAsItIs() throws IOException {
        Path odd = Files.createDirectory(home.resolve("it's odd"));
        mode(odd, "rwxrwxrwx");
        assertTrue(objection(odd).orElse("").endsWith("chmod go-w '" + home + "/it'\\''s odd'"), objection(odd)::toString);
    }
}
