package tidemark.network.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Ipv4Test {
    private final Cable cable = new Cable(Map.of());

    @AfterEach
    void close() {
        cable.close();
    }

    private static byte[] data(int length) {
        byte[] data = new byte[length];
        new Random(length).nextBytes(data);
        return data;
    }

    private static List<byte[]> fragments(int identification, byte[] payload, int size) {
        List<byte[]> fragments = new ArrayList<>();
        for (int from = 0; from < payload.length; from += size) {
            int to = Math.min(payload.length, from + size);
            fragments.add(Packet.fragment(Packet.GUEST, Packet.GATEWAY, 1, identification, from, to < payload.length, 64, Arrays.copyOfRange(payload, from, to)));
        }
        return fragments;
    }

    private static byte[] reassembled(List<Packet> fragments) {
        int length = fragments.stream().mapToInt(packet -> packet.fragmentOffset() + packet.payload().length).max().orElse(0);
        byte[] whole = new byte[length];
        fragments.forEach(packet -> System.arraycopy(packet.payload(), 0, whole, packet.fragmentOffset(), packet.payload().length));
        return whole;
    }

    @Test
    void datagramsInFragmentsOfAnyOrderAreReassembledAndAnsweredInFragments() {
        for (int length : new int[] {1_473, 4_000, 65_507}) {
            byte[] request = Packet.echoPayload(5, data(length));
            List<byte[]> fragments = fragments(length, request, 1480);
            Collections.shuffle(fragments, new Random(length));
            List<Packet> answers = cable.answers(fragments.toArray(byte[][]::new));
            assertEquals(fragments.size(), answers.size());
            assertEquals(1, answers.stream().filter(packet -> !packet.moreFragments()).count());
            assertEquals(1, answers.stream().mapToInt(Packet::identification).distinct().count());
            byte[] reply = reassembled(answers);
            assertEquals(0, Packet.sum(0, reply));
            assertArrayEquals(Arrays.copyOfRange(request, 8, request.length), Arrays.copyOfRange(reply, 8, reply.length));
        }
    }

    @Test
    void duplicatesAndOverlapsDoNotDisturbReassembly() {
        byte[] request = Packet.echoPayload(5, data(3000));
        List<byte[]> fragments = fragments(1, request, 800);
        fragments.addAll(0, fragments(1, request, 1480).subList(0, 1));
        fragments.add(0, fragments.getFirst());
        assertEquals(3, cable.answers(fragments.toArray(byte[][]::new)).size());
    }

    @Test
    void aFragmentBehindTheLastOneRefusesTheDatagram() {
        byte[] request = Packet.echoPayload(5, data(1592));
        List<byte[]> fragments = fragments(1, request, 800);
        byte[] behind = Packet.fragment(Packet.GUEST, Packet.GATEWAY, 1, 1, 2400, true, 64, new byte[8]);
        assertEquals(List.of(), cable.answers(fragments.get(1), behind, fragments.get(0)));
        assertEquals(List.of(), cable.answers(Packet.fragment(Packet.GUEST, Packet.GATEWAY, 1, 2, 65_528, false, 64, new byte[1000])), "it would be too long");
        assertEquals(List.of(), cable.answers(Packet.fragment(Packet.GUEST, Packet.GATEWAY, 1, 3, 0, true, 64, new byte[9])), "not a multiple of 8");
    }

    @Test
    void theNewestSixteenUnfinishedDatagramsAreKept() {
        List<List<byte[]>> datagrams = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            datagrams.add(fragments(i, Packet.echoPayload(i, data(1000)), 512));
        }
        datagrams.forEach(fragments -> cable.send(fragments.getFirst()));
        assertEquals(16, cable.answers(datagrams.subList(4, 20).stream().map(List::getLast).toArray(byte[][]::new)).size());
        assertEquals(List.of(), cable.answers(datagrams.subList(0, 4).stream().map(List::getLast).toArray(byte[][]::new)));
    }

    @Test
    void damagedHeadersLengthsThatLieAndForeignSourcesAreDropped() {
        byte[] echo = Packet.echo(Packet.GATEWAY, 3, data(20));
        List<byte[]> bad = new ArrayList<>();
        for (int at : new int[] {14, 15, 16, 17, 20, 22, 24, 26}) {
            byte[] frame = echo.clone();
            frame[at] ^= 0x40;
            bad.add(frame);
        }
        bad.add(Arrays.copyOf(echo, echo.length - 1));
        bad.add(Packet.ip(0x0808_0808, Packet.GATEWAY, 1, Packet.echoPayload(3, data(20))));
        bad.add(Packet.ip(Packet.GATEWAY, Packet.GATEWAY, 1, Packet.echoPayload(3, data(20))));
        bad.add(Packet.ip(0, Packet.GATEWAY, 1, Packet.echoPayload(3, data(20))));
        bad.add(Packet.ethernet(0x5254_0000_0001L, Packet.GUEST_STATION, 0x0800, Arrays.copyOfRange(echo, 14, echo.length)));
        assertEquals(List.of(), cable.answers(bad.toArray(byte[][]::new)));
    }

    @Test
    void bytesBehindThePacketAreIgnored() {
        byte[] padded = Arrays.copyOf(Packet.echo(Packet.GATEWAY, 3, data(1)), 60);
        Packet reply = cable.answers(padded).getFirst();
        assertTrue(reply.isIcmp(0));
        assertEquals(43, reply.frame().length);
    }
}
