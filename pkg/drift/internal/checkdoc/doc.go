// Command checkdoc writes the documentation of the checks: what each says of itself, and its examples with what is found in them.
package main
