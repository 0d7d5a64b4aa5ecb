package tidemark.network.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DhcpTest {
    private static final int SERVER = 54;
    private static final int WISH = 50;
    private static final int TYPE = 53;

    private record Message(Packet packet) {
        int field(int offset) {
            return packet.at(42 + offset, 4);
        }

        byte[] option(int code) {
            int at = 42 + 240;
            while (packet.at(at, 1) != 255) {
                if (packet.at(at, 1) == code) {
                    return java.util.Arrays.copyOfRange(packet.frame(), at + 2, at + 2 + packet.at(at + 1, 1));
                }
                at += 2 + packet.at(at + 1, 1);
            }
            return null;
        }

        int address(int code) {
            return ByteBuffer.wrap(option(code)).getInt();
        }

        int type() {
            return option(TYPE)[0];
        }
    }

    private static byte[] option(int code, int... bytes) {
        ByteBuffer option = ByteBuffer.allocate(2 + bytes.length).put((byte) code).put((byte) bytes.length);
        for (int value : bytes) {
            option.put((byte) value);
        }
        return option.array();
    }

    private static byte[] addressOption(int code, int address) {
        return option(code, address >>> 24, address >>> 16 & 0xFF, address >>> 8 & 0xFF, address & 0xFF);
    }

    private static byte[] message(long station, int source, int destination, int flags, byte[]... options) {
        ByteBuffer message = ByteBuffer.allocate(548).put((byte) 1).put((byte) 1).put((byte) 6).put((byte) 0).putInt(0xCAFE_BABE);
        message.putShort((short) 3).putShort((short) flags).putInt(source);
        Packet.station(message.position(28), station);
        message.position(236).putInt(0x6382_5363).put((byte) 0);
        for (byte[] option : options) {
            message.put(option);
        }
        message.put((byte) 255);
        return Packet.udp(source, 68, destination, 67, message.array());
    }

    private static byte[] broadcast(byte[]... options) {
        return message(Packet.GUEST_STATION, 0, -1, 0, options);
    }

    private static Message answer(Cable cable, byte[] frame) {
        List<Packet> answers = cable.answers(frame);
        assertEquals(1, answers.size(), answers.toString());
        assertEquals(67, answers.getFirst().sourcePort());
        assertEquals(68, answers.getFirst().destinationPort());
        return new Message(answers.getFirst());
    }

    @Test
    void aClientIsOfferedAndGivenTheAddressRouterAndNameServer() {
        try (Cable cable = new Cable(Map.of())) {
            byte[] identifier = option(61, 1, 0x52, 0x54, 0, 0x12, 0x34, 0x56);
            Message offer = answer(cable, broadcast(option(TYPE, 1), identifier, option(55, 1, 3, 6, 12)));
            assertEquals(2, offer.type());
            assertEquals(0xCAFE_BABE, offer.field(4));
            assertEquals(Packet.GUEST, offer.field(16));
            assertEquals(Packet.GUEST, offer.packet.destination());
            assertEquals(Packet.GUEST_STATION, offer.packet.station(0));
            assertEquals(Packet.GATEWAY, offer.address(SERVER));

            Message ack = answer(cable, broadcast(option(TYPE, 3), identifier, addressOption(WISH, offer.field(16)), addressOption(SERVER, Packet.GATEWAY)));
            assertEquals(5, ack.type());
            assertEquals(Packet.GUEST, ack.field(16));
            assertEquals(0xFFFF_FF00, ack.address(1));
            assertEquals(Packet.GATEWAY, ack.address(3));
            assertEquals(Packet.DNS, ack.address(6));
            assertEquals(86_400, ack.address(51));
            assertArrayEquals(new byte[] {1, 0x52, 0x54, 0, 0x12, 0x34, 0x56}, ack.option(61));
        }
    }

    @Test
    void aClientThatCannotTakeUnicastYetGetsABroadcast() {
        try (Cable cable = new Cable(Map.of())) {
            Message offer = answer(cable, message(Packet.GUEST_STATION, 0, -1, 0x8000, option(TYPE, 1)));
            assertEquals(-1, offer.packet.destination());
            assertEquals(0xFFFF_FFFF_FFFFL, offer.packet.station(0));
        }
    }

    @Test
    void aGuestThatWasRestoredKeepsItsAddressInANetworkThatDoesNotKnowIt() {
        try (Cable cable = new Cable(Map.of())) {
            int address = Packet.GUEST + 3;
            Message renewed = answer(cable, message(Packet.GUEST_STATION, address, Packet.GATEWAY, 0, option(TYPE, 3)));
            assertEquals(5, renewed.type());
            assertEquals(address, renewed.field(16));
            assertEquals(address, renewed.packet.destination());
        }
        try (Cable cable = new Cable(Map.of())) {
            assertEquals(5, answer(cable, broadcast(option(TYPE, 3), addressOption(WISH, Packet.GUEST))).type(), "init-reboot");
        }
    }

    @Test
    void addressesOfOtherNetworksAndOfOthersAreRefusedToEverybodysEars() {
        try (Cable cable = new Cable(Map.of())) {
            answer(cable, message(0x5254_0000_0001L, 0, -1, 0, option(TYPE, 3), addressOption(WISH, Packet.GUEST)));
            for (int address : new int[] {0xC0A8_0105, Packet.GATEWAY, Packet.GUEST, 0}) {
                Message refusal = answer(cable, broadcast(option(TYPE, 3), addressOption(WISH, address)));
                assertEquals(6, refusal.type());
                assertEquals(-1, refusal.packet.destination());
            }
        }
    }

    @Test
    void eachStationHasItsAddressAndReleasedOnesAreGivenAgain() {
        try (Cable cable = new Cable(Map.of())) {
            assertEquals(Packet.GUEST, answer(cable, broadcast(option(TYPE, 1))).field(16));
            assertEquals(Packet.GUEST + 1, answer(cable, message(0x5254_0000_0001L, 0, -1, 0, option(TYPE, 1))).field(16));
            assertEquals(Packet.GUEST, answer(cable, broadcast(option(TYPE, 1))).field(16));
            cable.answers(message(Packet.GUEST_STATION, Packet.GUEST, Packet.GATEWAY, 0, option(TYPE, 7)));
            assertEquals(Packet.GUEST, answer(cable, message(0x5254_0000_0002L, 0, -1, 0, option(TYPE, 1))).field(16));
        }
    }

    @Test
    void aThousandStationsTakeTurnsWithSixteenAddresses() {
        try (Cable cable = new Cable(Map.of())) {
            Set<Integer> addresses = new HashSet<>();
            for (int i = 0; i < 1000; i++) {
                addresses.add(answer(cable, message(0x5254_0000_1000L + i, 0, -1, 0, option(TYPE, 1))).field(16));
            }
            assertEquals(16, addresses.size());
            assertTrue(addresses.stream().allMatch(address -> address >= Packet.GUEST && address < Packet.GUEST + 16));
        }
    }

    @Test
    void parametersAreGivenWithoutALease() {
        try (Cable cable = new Cable(Map.of())) {
            Message ack = answer(cable, message(Packet.GUEST_STATION, 0x0A00_0280, Packet.GATEWAY, 0, option(TYPE, 8)));
            assertEquals(5, ack.type());
            assertEquals(0, ack.field(16));
            assertEquals(Packet.DNS, ack.address(6));
            assertEquals(null, ack.option(51));
        }
    }

    @Test
    void aRestrictedGuestIsToldOfNoWayOut() {
        try (Cable cable = new Cable(Map.of("restrict", "on"))) {
            Message offer = answer(cable, broadcast(option(TYPE, 1)));
            assertEquals(null, offer.option(3));
            assertEquals(null, offer.option(6));
            assertEquals(0xFFFF_FF00, offer.address(1));
        }
    }

    @Test
    void anotherServersClientAndCutOptionsGetNoAnswer() {
        try (Cable cable = new Cable(Map.of())) {
            byte[] lies = option(TYPE, 1);
            lies[1] = (byte) 250;
            List<Packet> answers = cable.answers(broadcast(option(TYPE, 3), addressOption(WISH, Packet.GUEST), addressOption(SERVER, 0x0A00_0209)),
                    broadcast(option(12, 1), new byte[] {(byte) 255}), broadcast(new byte[260], lies), Packet.udp(0, 68, -1, 67, new byte[239]));
            assertFalse(answers.stream().anyMatch(packet -> packet.isIp(17)), answers.toString());
        }
    }
}
