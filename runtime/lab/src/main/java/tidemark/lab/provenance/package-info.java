/** What a cell's figures are from: the program, the host, the seed. */
package tidemark.lab.provenance;
