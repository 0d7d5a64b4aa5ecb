/**
 * Hostile guests. A {@link tidemark.fuzz.Case} is a machine of all the platform's devices and some hundred random steps: accesses at any offset and of any size, drivers
 * that keep to the rules more or less, scribbles over their queues, input from the host, time, work that ends in any order, saved and damaged states. Whatever happens,
 * a device answers with a value or a {@link tidemark.api.memory.BusFault}, in time, touches nothing outside of RAM and of its disk, and works after a reset.
 */
package tidemark.fuzz;
