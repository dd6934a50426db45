#pragma once
// Everything.

#include "laurel/engine.hpp"
