package tidemark.network.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArpTest {
    private static byte[] whoHas(int address) {
        return Packet.arp(1, Packet.GUEST_STATION, Packet.GUEST, 0, address);
    }

    @Test
    void theGatewayAndTheNameServerAnswerFromTheirStations() {
        try (Cable cable = new Cable(Map.of())) {
            for (int address : new int[] {Packet.GATEWAY, Packet.DNS}) {
                Packet reply = cable.answers(whoHas(address)).getFirst();
                assertTrue(reply.isArp());
                assertEquals(2, reply.at(20, 2));
                assertEquals(0x5255_0000_0000L | address, reply.station(22));
                assertEquals(address, reply.at(28, 4));
                assertEquals(Packet.GUEST_STATION, reply.station(32));
                assertEquals(Packet.GUEST_STATION, reply.station(0));
            }
        }
    }

    @Test
    void nobodyAnswersForOtherAddressesNorForTheGuestItself() {
        try (Cable cable = new Cable(Map.of())) {
            assertEquals(List.of(), cable.answers(whoHas(Packet.GUEST), whoHas(0x0A00_0204), whoHas(0x0808_0808), whoHas(0)));
        }
    }

    @Test
    void requestsThatAreCutOrOfAnotherHardwareAreIgnored() {
        try (Cable cable = new Cable(Map.of())) {
            byte[] cut = java.util.Arrays.copyOf(whoHas(Packet.GATEWAY), 41);
            byte[] otherHardware = whoHas(Packet.GATEWAY);
            otherHardware[15] = 6;
            assertEquals(List.of(), cable.answers(cut, otherHardware));
        }
    }

    @Test
    void theGuestIsAskedForItsStationBeforeTheFirstPacketAndGetsThatPacketThen() throws IOException {
        try (Cable cable = new Cable(Map.of("forward", "tcp:0:80"), false); Socket client = new Socket()) {
            client.connect(cable.network().listening().getFirst());
            Packet request = cable.await(Packet::isArp);
            assertEquals(0xFFFF_FFFF_FFFFL, request.station(0));
            assertEquals(Packet.GUEST, request.at(38, 4));
            Packet syn = cable.await(packet -> packet.isIp(6));
            assertEquals(Packet.GUEST_STATION, syn.station(0));
        }
    }
}
