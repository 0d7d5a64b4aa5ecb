package tidemark.guest;

import java.nio.file.Path;
import java.util.Map;
import tidemark.api.machine.MachineException;

/** The folder of what can be made again, for each user of the host. */
public final class UserCache {
    /** The environment variable that names another folder. */
    public static final String VARIABLE = "TIDEMARK_CACHE";

    private UserCache() {}

    /**
     * As the XDG Base Directory Specification has it, unless {@link #VARIABLE} names another place. It may not exist yet.
     *
     * @throws MachineException if its name cannot be in the settings of a machine
     */
    public static Path folder(Map<String, String> environment) {
        String own = environment.getOrDefault(VARIABLE, "");
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path folder = !own.isEmpty() ? Path.of(own) : (caches.startsWith("/") ? Path.of(caches)
                : Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".cache")).resolve("tidemark");
        return checked(folder);
    }

    /**
     * A folder as a path that a machine's settings, and apt's configuration, can bear.
     *
     * @throws MachineException if they cannot
     */
    public static Path checked(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        if (!absolute.toString().matches("[^\"\\\\,;\\p{Cntrl}]+")) {
            throw new MachineException("The cache's folder " + absolute + " has a character in its name that Tidemark cannot use there: "
                    + "one of \" \\ , ; Set " + VARIABLE + " to another");
        }
        return absolute;
    }
}
