package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/goingdark-social/bot/pkg/contract"
)

// Both are relative to this folder: the comments' source, and where the schemas go.
const (
	sources = "../../"
	output  = "../../../../docs/schema"

	module = "github.com/goingdark-social/bot/pkg/contract/internal/schemagen"
)

func main() {
	if err := run(output); err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}

func run(folder string) error {
	schemas, err := generate()
	if err != nil {
		return err
	}
	for name, schema := range schemas {
		if err := os.WriteFile(filepath.Join(folder, name), schema, 0o644); err != nil { //nolint:gosec // published
			return fmt.Errorf("writing a schema: %w", err)
		}
	}
	return nil
}

// generate returns the schemas by file name.
func generate() (map[string][]byte, error) {
	r := &jsonschema.Reflector{
		Anonymous:                 true,
		AllowAdditionalProperties: true, // fields are added, and older schemas must not mind
		DoNotReference:            true,
	}
	if err := r.AddGoComments(module, sources, jsonschema.WithFullComment()); err != nil {
		return nil, fmt.Errorf("reading the comments of package contract: %w", err)
	}
	schemas := map[string][]byte{}
	for name, result := range contract.Results() {
		s := r.Reflect(result)
		s.Title = "bot " + name + " -o json"
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(s); err != nil {
			return nil, fmt.Errorf("writing the schema of %s: %w", name, err)
		}
		schemas[name+".json"] = unfold(b.Bytes())
	}
	return schemas, nil
}

// unfold joins the lines of a comment: they are broken for the source's sake alone.
func unfold(schema []byte) []byte { return []byte(strings.ReplaceAll(string(schema), `\n`, " ")) }
