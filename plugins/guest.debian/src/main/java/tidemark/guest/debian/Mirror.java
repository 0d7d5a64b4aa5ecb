package tidemark.guest.debian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tidemark.api.machine.MachineException;

/** Whom Debian is taken from, and who vouches for it. */
final class Mirror {
    /** Names an archive, instead of the host's. */
    static final String VARIABLE = "TIDEMARK_DEBIAN_MIRROR";
    private static final List<String> KEYRINGS = List.of("debian-archive-keyring.pgp", "debian-archive-keyring.gpg");

    private Mirror() {}

    /** @param etc {@code /etc/apt} @return URI of a mirror of the Debian archive */
    static String archive(Map<String, String> environment, Path etc) {
        String given = environment.getOrDefault(VARIABLE, "").strip();
        if (given.isEmpty()) {
            try {
                return AptSources.debian(etc).orElseThrow(() -> new MachineException("The sources in " + etc + " name no archive of Debian. "
                        + "Give the address of one in the environment variable " + VARIABLE));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (!given.matches("[a-z][a-z0-9+.-]*:/\\S*")) {
            throw new MachineException(VARIABLE + "=" + given + " is no address of a mirror: give one as in apt's sources, http://...");
        }
        return given;
    }

    /** @param folder {@code /usr/share/keyrings} */
    static Path keyring(Path folder) {
        return KEYRINGS.stream().map(folder::resolve).filter(Files::isReadable).findFirst().orElseThrow(() -> new MachineException(
                "The keys that Debian's archive is signed with are not in " + folder + "; install the package debian-archive-keyring"));
    }
}
