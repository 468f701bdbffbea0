//go:build darwin && cgo

package pasteboard

/*
#cgo CFLAGS: -x objective-c
#cgo LDFLAGS: -framework AppKit
#include <stdlib.h>
#include <string.h>
#import <AppKit/AppKit.h>

// copyConcealed returns 0 where the pasteboard does not take the text.
static int copyConcealed(const char *text) {
	@autoreleasepool {
		NSString *mark = @"org.nspasteboard.ConcealedType";
		NSString *string = [NSString stringWithUTF8String:text];
		if (string == nil) {
			return 0; // it is no UTF-8
		}
		NSPasteboard *board = [NSPasteboard generalPasteboard];
		[board declareTypes:@[NSPasteboardTypeString, mark] owner:nil];
		[board setString:@"" forType:mark];
		return [board setString:string forType:NSPasteboardTypeString] ? 1 : 0;
	}
}
*/
import "C"

import (
	"errors"
	"unsafe"

	"controlmap-jumpcloud/connector/secret"
)

// Copy puts the secret on the clipboard, where it stays until something else is copied. Its mark is the one of
// http://nspasteboard.org, which clipboard managers heed.
//
// Where it was written there was no Mac. It was run with GNUstep, whose classes are the same: scripts/cocoa.
func Copy(s secret.Secret) error {
	text := C.CString(s.Reveal())
	defer C.free(unsafe.Pointer(text))
	defer C.memset(unsafe.Pointer(text), 0, C.strlen(text))
	if C.copyConcealed(text) == 0 {
		return errors.New("the pasteboard did not take it")
	}
	return nil
}
