package tidemark.network.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IcmpTest {
    private static final int SOMEWHERE = 0xC000_0201; // 192.0.2.1, RFC 5737
    private static final byte[] DATA = "abcdefghijklmnopqrstuvwxyz".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final Cable cable = new Cable(Map.of());

    @AfterEach
    void close() {
        cable.close();
    }

    @Test
    void theGatewayAndTheNameServerAnswerEchoRequestsWithTheSameData() {
        for (int address : new int[] {Packet.GATEWAY, Packet.DNS}) {
            Packet reply = cable.answers(Packet.echo(address, 77, DATA)).getFirst();
            assertTrue(reply.isIcmp(0));
            assertEquals(address, reply.source());
            assertEquals(77, reply.at(38, 2));
            assertArrayEquals(DATA, Arrays.copyOfRange(reply.frame(), 42, reply.frame().length));
        }
    }

    @Test
    void echoToOutsideIsAnsweredAsProhibitedWithTheRequestQuoted() {
        byte[] request = Packet.echo(SOMEWHERE, 77, DATA);
        Packet message = cable.answers(request).getFirst();
        assertTrue(message.isIcmp(3));
        assertEquals(13, message.icmpCode());
        assertEquals(Packet.GATEWAY, message.source());
        assertArrayEquals(Arrays.copyOfRange(request, 14, 42), Arrays.copyOfRange(message.frame(), 42, 70));
    }

    @Test
    void aPacketThatMayNotGoFurtherIsAnsweredAsExpired() {
        byte[] request = Packet.fragment(Packet.GUEST, SOMEWHERE, 17, 9, 0, false, 1, Packet.udpPayload(Packet.GUEST, 5, SOMEWHERE, 33_434, DATA));
        Packet message = cable.answers(request).getFirst();
        assertTrue(message.isIcmp(11));
        assertEquals(0, message.icmpCode());
    }

    @Test
    void unknownProtocolsAreAnsweredAsSuch() {
        Packet message = cable.answers(Packet.ip(Packet.GUEST, SOMEWHERE, 132, new byte[12])).getFirst();
        assertTrue(message.isIcmp(3));
        assertEquals(2, message.icmpCode());
    }

    @Test
    void nothingIsSaidAboutMessagesOfItsOwnNorAboutPacketsToGroups() {
        byte[] unreachable = Packet.echoPayload(1, DATA);
        unreachable[0] = 3;
        unreachable[2] += 5; // 8 -> 3 in the first byte, so the sum grows by 5
        List<Packet> answers = cable.answers(Packet.ip(Packet.GUEST, SOMEWHERE, 1, unreachable), Packet.ip(Packet.GUEST, SOMEWHERE, 1, new byte[0]),
                Packet.ip(Packet.GUEST, 0xE000_0001, 132, DATA), Packet.ip(Packet.GUEST, 0x0A00_02FF, 132, DATA));
        assertEquals(List.of(), answers);
    }

    @Test
    void damagedEchoRequestsAreNotAnswered() {
        byte[] damaged = Packet.echoPayload(1, DATA);
        damaged[10] ^= 1;
        assertEquals(List.of(), cable.answers(Packet.ip(Packet.GUEST, Packet.GATEWAY, 1, damaged)));
    }
}
