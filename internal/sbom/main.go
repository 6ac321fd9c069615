package main

import (
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// run writes down what the program that args name is made of.
func run(args []string, w io.Writer) error {
	if len(args) != 1 {
		return errors.New("give one program that Go has built")
	}

	info, err := buildinfo.ReadFile(args[0])
	if err != nil {
		return fmt.Errorf("reading %s: %w", args[0], err)
	}

	document, err := list(info)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}

	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")

	return enc.Encode(document)
}
