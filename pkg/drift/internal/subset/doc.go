// Package subset tells where a live object is not what was rendered.
//
// It knows how an API server changes an object without changing what it means (defaults are added, empty values dropped, quantities
// written otherwise, lists merged by a key) and who the server says owns a field. It must not know any kind of object.
package subset
