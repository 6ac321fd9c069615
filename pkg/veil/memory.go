package veil

// memory is what is known, and how each of it is spelled. Spelling a key takes
// milliseconds, so that it is done once.
type memory struct {
	secrets map[string]*secret
	uses    uint64 // so far
}

type secret struct {
	forms []string
	used  uint64 // when: the uses there had been
}

// use tells whether a secret is known, and makes it the one used last.
func (m *memory) use(text string) bool {
	s := m.secrets[text]
	if s == nil {
		return false
	}

	m.uses++
	s.used = m.uses

	return true
}

// add takes one in. Where there are too many, the one that was not used for the
// longest time is forgotten.
func (m *memory) add(text string, forms []string, most int) {
	if m.secrets == nil {
		m.secrets = map[string]*secret{}
	}

	m.uses++
	m.secrets[text] = &secret{forms, m.uses}

	if len(m.secrets) <= most {
		return
	}

	oldest := text
	for t, s := range m.secrets {
		if s.used < m.secrets[oldest].used {
			oldest = t
		}
	}

	delete(m.secrets, oldest)
}
