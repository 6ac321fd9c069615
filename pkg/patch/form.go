package patch

// form is one way of naming an image. Each has a file of its own.
type form interface {
	// find adds to a page the references that stand on it in this form. What another form found before stays its own.
	find(p *page)
}

// forms is all forms, the ones that know most about a file first.
func forms() []form {
	return []form{kustomizeImages{}, engines{}, containers{}, compose{}, values{}, dockerfiles{}, helmTemplates{}, literals{}}
}
