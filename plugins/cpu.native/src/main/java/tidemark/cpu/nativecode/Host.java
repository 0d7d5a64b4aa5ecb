package tidemark.cpu.nativecode;

import java.util.Set;

/** For which hosts there is a back end. */
final class Host {
    private static final Set<String> PROCESSORS = Set.of("amd64", "x86_64");

    private Host() {}

    static boolean isKnown(String system, String processor) {
        return system.equals("Linux") && PROCESSORS.contains(processor);
    }

    static void require(String system, String processor) {
        if (!isKnown(system, processor)) {
            throw new IllegalStateException("cpu=native writes machine code for x86-64 on Linux; this host is "
                    + processor + " on " + system
                    + ": use cpu=translator or cpu=interpreter");
        }
    }
}
