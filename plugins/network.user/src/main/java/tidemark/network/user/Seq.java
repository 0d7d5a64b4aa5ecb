package tidemark.network.user;

/** Sequence numbers, RFC 9293, section 3.4: 32 bits, compared modulo 2^32. */
final class Seq {
    private Seq() {}

    static boolean before(int a, int b) {
        return a - b < 0;
    }

    static boolean after(int a, int b) {
        return a - b > 0;
    }

    static int max(int a, int b) {
        return before(a, b) ? b : a;
    }

    static int min(int a, int b) {
        return before(a, b) ? a : b;
    }
}
