package config

import (
	"fmt"
	"slices"
	"strings"
)

// Key is what there is to say about one key of a file.
type Key struct {
	// Path is where it stands: applications[].minimumAge.patch.
	Path string
	// Type is what its value is, in words.
	Type string
	// Values are the words it may be; empty where it is not one of a few.
	Values []string
	// Default is what holds without it, in words or as the file would spell it; empty for mappings whose keys have
	// defaults of their own.
	Default string
	// Required says that the mapping around it must have it.
	Required bool
	// Example is a value that makes sense, as the file would spell it; empty where the keys of a mapping have their own.
	Example string
	// Doc is one or two sentences.
	Doc string
}

// PolicyKeys lists every key of bot.yaml, in the order to read them in.
func PolicyKeys() []Key { return keysOf(policyShape().schema, "") }

// OperatorKeys lists every key of the operator's file, in the order to read them in.
func OperatorKeys() []Key { return keysOf(operatorShape().schema, "") }

func keysOf(s *Schema, prefix string) []Key {
	var keys []Key
	for _, p := range s.Properties {
		path := prefix + p.name
		inner, values := p.schema, p.schema.Enum
		if inner.Items != nil {
			inner, path = inner.Items, path+"[]"
			values = inner.Enum
		}
		keys = append(keys, Key{
			Path: path, Type: p.schema.kind, Values: values, Doc: p.schema.Description,
			Default: spell(p.schema), Required: slices.Contains(s.Required, p.name), Example: p.schema.sample,
		})
		keys = append(keys, keysOf(inner, path+".")...)
	}
	return keys
}

// spell writes a default as the file would.
func spell(s *Schema) string {
	switch v := s.Default.(type) {
	case nil:
		return s.absent
	case []string:
		return "[" + strings.Join(v, ", ") + "]"
	case string:
		if v == "" || strings.ContainsAny(v, "*:") {
			return fmt.Sprintf("%q", v)
		}
		return v
	default:
		return fmt.Sprint(v)
	}
}
