/** What cells measured: a row for each, in named columns with units. */
package tidemark.lab.results;
