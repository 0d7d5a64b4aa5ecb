package tidemark.network.user;

/** Both ends of a conversation: the guest's, and the one that it talks to, as the guest sees it. Ports are 0 to 65535. */
record Flow(int guest, int guestPort, int remote, int remotePort) {}
