package facts

import (
	"slices"
	"strings"
)

// Table returns the table of that name, nil when the schema has none.
func (s *Schema) Table(name string) *Table {
	i, ok := slices.BinarySearchFunc(s.Tables, name, func(t Table, n string) int { return strings.Compare(t.Name, n) })
	if !ok {
		return nil
	}
	return &s.Tables[i]
}

// Variable returns the variable of that exact name, nil when the release reads none; see Reads for patterns.
func (f *Facts) Variable(name string) *Variable {
	i, ok := slices.BinarySearchFunc(f.Environment, name, func(v Variable, n string) int { return strings.Compare(v.Name, n) })
	if !ok {
		return nil
	}
	return &f.Environment[i]
}

// Reads returns the variable that a process reads under that name, exact or by pattern, nil when none does.
func (f *Facts) Reads(name string) *Variable {
	if v := f.Variable(name); v != nil {
		return v
	}
	for i := range f.Environment {
		if v := &f.Environment[i]; v.Pattern && glob(v.Name, name) {
			return v
		}
	}
	return nil
}

// Floor returns the floor of that name, the enforced one when code and documentation both have one; nil for none.
func (f *Facts) Floor(name string) *Floor {
	i := slices.IndexFunc(f.Floors, func(fl Floor) bool { return fl.Name == name })
	if i < 0 {
		return nil
	}
	return &f.Floors[i]
}

// Runtime returns the runtime of that name, nil for none.
func (f *Facts) Runtime(name string) *Runtime {
	i := slices.IndexFunc(f.Runtimes, func(r Runtime) bool { return r.Name == name })
	if i < 0 {
		return nil
	}
	return &f.Runtimes[i]
}
