package drift

// Live is what runs, read with rights that cannot write.
type Live struct {
	// Objects as the API server gives them.
	Objects []map[string]any
	// Namespace is that of objects that name none.
	Namespace string
	// Unread are the kinds that could not be read.
	Unread []Unread
}

// Unread is one kind of object that could not be read.
type Unread struct{ Kind, Namespace, Reason string }
