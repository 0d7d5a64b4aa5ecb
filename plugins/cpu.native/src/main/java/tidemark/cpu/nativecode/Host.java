package tidemark.cpu.nativecode;

/** For which hosts there is a back end. */
final class Host {
    private Host() {}

    static void require(String system, String processor) {
        if (!system.equals("Linux") || !processor.equals("amd64") && !processor.equals("x86_64")) {
            throw new IllegalStateException("cpu=native writes machine code for x86-64 on Linux; this host is "
                    + processor + " on " + system
                    + ": use cpu=translator or cpu=interpreter");
        }
    }
}
