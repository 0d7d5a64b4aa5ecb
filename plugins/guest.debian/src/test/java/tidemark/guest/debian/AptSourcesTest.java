package tidemark.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AptSourcesTest {
    @TempDir
    Path etc;

    @BeforeEach
    void partsAreInAFolder() throws Exception {
        Files.createDirectory(etc.resolve("sources.list.d"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "deb http://mirror.test/debian bookworm main contrib",
        "  deb   [arch=amd64 signed-by=/usr/share/keyrings/a.gpg]   http://mirror.test/debian   trixie-updates  main # why",
        "deb-src http://sources.test/debian bookworm main\ndeb http://mirror.test/debian stable main",
        "# deb http://old.test/debian bookworm main\ndeb cdrom:[Debian 13]/ trixie main\ndeb http://mirror.test/debian trixie main",
        "deb http://security.test/debian-security bookworm-security main\ndeb http://other.test/node nodistro main\ndeb http://mirror.test/debian sid main"})
    void theArchiveOfDebianIsFoundAmongOneLineSources(String text) throws Exception {
        Files.writeString(etc.resolve("sources.list"), text);
        assertEquals(Optional.of("http://mirror.test/debian"), AptSources.debian(etc));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Types: deb\n# a comment\nURIs: http://mirror.test/debian\nSuites: bookworm bookworm-updates\nComponents: main\n",
        "types: deb-src deb\nuris:\n http://mirror.test/debian\n http://second.test/debian\nsuites: stable\ncomponents: contrib\n main\n",
        "Types: deb\nEnabled: no\nURIs: http://off.test/debian\nSuites: trixie\nComponents: main\n \nTypes: deb\nURIs: http://mirror.test/debian\nSuites: trixie\nComponents: main",
        "Types: deb-src\nURIs: http://sources.test/debian\nSuites: trixie\nComponents: main\n\n\nTypes: deb\nURIs: http://mirror.test/debian\nSuites: trixie\nComponents: main"})
    void theArchiveOfDebianIsFoundAmongDeb822Sources(String text) throws Exception {
        Files.writeString(etc.resolve("sources.list.d/a.sources"), "Types: deb\nURIs: http://node.test\nSuites: nodistro\nComponents: main\n");
        Files.writeString(etc.resolve("sources.list.d/debian.sources"), text);
        Files.writeString(etc.resolve("sources.list.d/other.sources.disabled"), "Types: deb\nURIs: http://off.test/debian\nSuites: trixie\nComponents: main\n");
        assertEquals(Optional.of("http://mirror.test/debian"), AptSources.debian(etc));
    }

    @Test
    void sourcesListComesBeforeItsPartsAndThoseInTheOrderOfTheirNames() throws Exception {
        Files.writeString(etc.resolve("sources.list.d/b.list"), "deb http://third.test/debian trixie main");
        Files.writeString(etc.resolve("sources.list.d/a.list"), "deb http://second.test/debian trixie main");
        assertEquals(Optional.of("http://second.test/debian"), AptSources.debian(etc));
        Files.writeString(etc.resolve("sources.list"), "deb http://first.test/debian trixie main");
        assertEquals(Optional.of("http://first.test/debian"), AptSources.debian(etc));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "deb http://ubuntu.test/ubuntu noble main universe", "deb http://flat.test/packages ./", "deb", "deb [", "no source at all"})
    void aHostWithoutDebianHasNone(String text) throws Exception {
        Files.writeString(etc.resolve("sources.list"), text);
        assertEquals(Optional.empty(), AptSources.debian(etc));
    }

    @Test
    void aFileThatIsNoTextDoesNotHideTheOthers() throws Exception {
        Files.write(etc.resolve("sources.list.d/a.list"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        Files.write(etc.resolve("sources.list.d/b.list"), "deb http://mirror.test/debian trixie main".getBytes(StandardCharsets.UTF_8));
        assertEquals(Optional.of("http://mirror.test/debian"), AptSources.debian(etc));
    }

    @Test
    void aHostWithoutSourcesHasNone() throws Exception {
        assertEquals(Optional.empty(), AptSources.debian(etc.resolve("nowhere")));
    }
}
