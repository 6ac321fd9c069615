package config

import (
	"bytes"
	"encoding/json"
)

// Schema is the part of JSON Schema (2020-12) that describes the two files.
type Schema struct {
	Dialect              string              `json:"$schema,omitempty"`
	Title                string              `json:"title,omitempty"`
	Description          string              `json:"description,omitempty"`
	Type                 string              `json:"type,omitempty"`
	Const                any                 `json:"const,omitempty"`
	Enum                 []string            `json:"enum,omitempty"`
	Pattern              string              `json:"pattern,omitempty"`
	MinLength            *int                `json:"minLength,omitempty"`
	MaxLength            *int                `json:"maxLength,omitempty"`
	Minimum              *int                `json:"minimum,omitempty"`
	Default              any                 `json:"default,omitempty"`
	Examples             []string            `json:"examples,omitempty"`
	Items                *Schema             `json:"items,omitempty"`
	MinItems             *int                `json:"minItems,omitempty"`
	UniqueItems          bool                `json:"uniqueItems,omitempty"`
	Properties           properties          `json:"properties,omitempty"`
	Required             []string            `json:"required,omitempty"`
	AdditionalProperties *bool               `json:"additionalProperties,omitempty"`
	OneOf                []*Schema           `json:"oneOf,omitempty"`
	AnyOf                []*Schema           `json:"anyOf,omitempty"`
	Not                  *Schema             `json:"not,omitempty"`
	DependentRequired    map[string][]string `json:"dependentRequired,omitempty"`

	kind   string // what a person calls it
	absent string // what holds without it, in words
	sample string // a value that makes sense, as the file would spell it
}

type property struct {
	name   string
	schema *Schema
}

// properties keep the order of the table, which is the order to read them in.
type properties []property

func (p properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, entry := range p {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := encode(&b, entry.name, ""); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := encode(&b, entry.schema, ""); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// MarshalJSON adds what holds without the value to its description, where the default is not a value.
func (s *Schema) MarshalJSON() ([]byte, error) {
	type bare Schema
	c := bare(*s)
	if s.absent != "" {
		c.Description += " Default: " + s.absent + "."
	}
	var b bytes.Buffer
	err := encode(&b, c, "")
	return b.Bytes(), err
}

// encode keeps < and > readable, which json.Marshal does not.
func encode(b *bytes.Buffer, v any, indent string) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	return enc.Encode(v)
}

// PolicySchema returns the JSON Schema of bot.yaml.
func PolicySchema() []byte {
	return document(policyShape().schema, "bot.yaml", "Policy for the Mastodons of a GitOps repository.")
}

// OperatorSchema returns the JSON Schema of the operator's file.
func OperatorSchema() []byte {
	return document(operatorShape().schema, "operator's file", "What the person who runs bot says: repositories, credentials by reference, notifications, server.")
}

func document(s *Schema, title, description string) []byte {
	root := *s
	root.Dialect, root.Title, root.Description = "https://json-schema.org/draft/2020-12/schema", title, description
	var b bytes.Buffer
	if err := encode(&b, &root, "  "); err != nil {
		panic(err) // the schema is made of constants: it marshals, or the tests fail
	}
	return b.Bytes()
}
