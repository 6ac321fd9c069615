package schemarb

import (
	"strconv"

	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// text reads an option that is a string or a symbol.
func (s statement) text(key string, to *string) error {
	v, ok := s.args.Key(key)
	if !ok {
		return nil
	}
	if v.Kind != ruby.StringValue && v.Kind != ruby.SymbolValue {
		return s.bad(key, v, "a name")
	}
	*to = v.Text
	return nil
}

func (s statement) flag(key string, to *bool) error {
	v, ok := s.args.Key(key)
	if !ok {
		return nil
	}
	if v.Kind != ruby.BoolValue {
		return s.bad(key, v, "true or false")
	}
	*to = v.Text == "true"
	return nil
}

// number reads an option that is a number; nil is no number.
func (s statement) number(key string, to **int) error {
	v, ok := s.args.Key(key)
	if !ok || v.Kind == ruby.NilValue {
		return nil
	}
	n, err := strconv.Atoi(v.Text)
	if v.Kind != ruby.NumberValue || err != nil {
		return s.bad(key, v, "a number")
	}
	*to = &n
	return nil
}

func (s statement) list(key string, to *[]string) error {
	v, ok := s.args.Key(key)
	if !ok {
		return nil
	}
	names, ok := v.Names()
	if !ok {
		return s.bad(key, v, "a name or a list of names")
	}
	*to = names
	return nil
}

// byColumn reads { column: :word } or a single word for every column.
func (s statement) byColumn(key string, to *map[string]string) error {
	v, ok := s.args.Key(key)
	if !ok {
		return nil
	}
	switch v.Kind {
	case ruby.StringValue, ruby.SymbolValue:
		*to = map[string]string{"*": v.Text}
		return nil
	case ruby.HashValue:
		*to = map[string]string{}
		for _, p := range v.Pairs {
			if p.Value.Kind != ruby.StringValue && p.Value.Kind != ruby.SymbolValue {
				return s.bad(key, p.Value, "a name")
			}
			(*to)[p.Key] = p.Value.Text
		}
		return nil
	default:
		return s.bad(key, v, "a name or names by column")
	}
}

func (s statement) bad(key string, v ruby.Value, want string) error {
	return fail(s.line, "%s: option %s is %s, want %s", s.name, key, v.Text, want)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
