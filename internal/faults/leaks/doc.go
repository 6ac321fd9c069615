// Package leaks searches what can be read for secrets.
//
// It takes apart what it finds instead of guessing spellings: line breaks,
// escapes of addresses, HTML and JSON, base64 and hexadecimal are undone, one
// inside of another, and each reading is searched.
//
// It knows readings of texts. It must not know how secrets are hidden.
package leaks
