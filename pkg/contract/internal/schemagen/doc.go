// Program schemagen writes the JSON Schema of every result of package contract, with the fields' comments as
// descriptions. It is run by go generate, in its own folder.
package main
