// Package contract is what -o json prints: one struct a command, stable, with a JSON Schema made from it.
//
// It knows names and shapes. Fields are added, never renamed or removed; a list is never null; versions carry the v;
// lines and columns count from 1, columns in Unicode code points; files are relative to --path, with slashes; what is not
// known is "" or 0.
//
// It must not know where a value comes from: it imports nothing of this module, and the packages that it describes do not
// import it. The command line fills the structs.
package contract

//go:generate go -C internal/schemagen run .

// Version is the "version" of every result: that of the contract.
const Version = 1
