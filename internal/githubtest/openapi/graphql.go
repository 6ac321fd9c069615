package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// GraphQL adds GitHub's GraphQL schema, as npm's @octokit/graphql-schema
// carries it (schema.graphql), to the description. Without it a GraphQL query
// is a violation.
func (d *Description) GraphQL(schema string) error {
	text, err := os.ReadFile(schema)
	if err != nil {
		return fmt.Errorf("reading GitHub's GraphQL schema: %w", err)
	}

	document, err := parser.ParseSchemas(validator.Prelude, &ast.Source{Name: schema, Input: string(text)})
	if err != nil {
		return fmt.Errorf("reading GitHub's GraphQL schema: %w", err)
	}

	// GitHub's own schema defines a field twice, which no schema may.
	for _, definition := range document.Definitions {
		seen := map[string]bool{}
		definition.Fields = slices.DeleteFunc(definition.Fields, func(f *ast.FieldDefinition) bool {
			twice := seen[f.Name]
			seen[f.Name] = true

			return twice
		})
	}

	loaded, err := validator.ValidateSchemaDocument(document)
	if err != nil {
		return fmt.Errorf("reading GitHub's GraphQL schema: %w", err)
	}

	d.schema = loaded

	return nil
}

// graphql serves one GraphQL request after holding it against the schema.
func (v *checker) graphql(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.violations.addf("%s %s: the body could not be read: %v", r.Method, r.URL.Path, err)
	}

	var asked struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables"`
	}

	if err := json.Unmarshal(body, &asked); err != nil {
		v.violations.addf("POST /graphql: the body is no JSON: %v", err)
	}

	v.check(asked.Query, asked.Variables)

	r.Body = io.NopCloser(bytes.NewReader(body))
	v.next.ServeHTTP(w, r)
}

// check holds a query against the schema, and its variables against the types
// that it names.
func (v *checker) check(query string, variables map[string]any) {
	if v.schema == nil {
		v.violations.addf("POST /graphql: no schema was loaded to check %q with", query)

		return
	}

	document, errs := gqlparser.LoadQueryWithRules(v.schema, query, rules.NewDefaultRules())
	if len(errs) > 0 {
		v.violations.addf("POST /graphql: %v in %q", errs, query)

		return
	}

	for _, operation := range document.Operations {
		if _, err := validator.VariableValues(v.schema, operation, variables); err != nil {
			v.violations.addf("POST /graphql: %v in %q", err, query)
		}

		for _, selection := range operation.SelectionSet {
			if field, ok := selection.(*ast.Field); ok {
				v.violations.count(string(operation.Operation) + " " + field.Name)
			}
		}
	}
}
